import Vide from "@rbxts/vide";
import type { Ui } from "./ui.js";

interface LineProps {
  readonly ui: Ui;
  /** 0 is the upper edge of what it is in, 1 the lower. */
  readonly at: 0 | 1;
}

/** Divides what is above from what is below. */
export function Line({ ui, at }: LineProps) {
  return (
    <frame
      Name="Line"
      BackgroundColor3={() => ui.theme.palette().line}
      BorderSizePixel={0}
      AnchorPoint={new Vector2(0, at)}
      Position={UDim2.fromScale(0, at)}
      Size={new UDim2(1, 0, 0, 1)}
    />
  );
}
