import Vide from "@rbxts/vide";
import type { Turn } from "../chat/turn.js";
import { sizeText } from "./amount.js";
import { Card } from "./chat-card.js";
import { Label } from "./label.js";
import { BOLD, SIZE } from "./theme.js";
import type { Ui } from "./ui.js";

interface HeadProps {
  readonly ui: Ui;
  readonly turn: Turn;
}

/** Who says what follows, and what was given with it. */
export function Head({ ui, turn }: HeadProps) {
  const surface = () => ui.theme.palette()[turn.role === "user" ? "raised" : "panel"];
  const given = turn.attachments.map(({ name, bytes }) => `${name} (${sizeText(bytes)})`).join(", ");
  return (
    <Card ui={ui} turn={turn} above={SIZE.gap}>
      <textlabel
        Name="Speaker"
        LayoutOrder={1}
        BackgroundTransparency={1}
        Size={new UDim2(1, 0, 0, SIZE.text)}
        AutomaticSize={Enum.AutomaticSize.Y}
        Text={turn.role === "user" ? "You" : (turn.model ?? "Answer")}
        TextColor3={() => (turn.role === "user" ? surface().plain : surface().info)}
        TextSize={SIZE.text}
        Font={BOLD}
        TextWrapped={true}
        TextXAlignment={Enum.TextXAlignment.Left}
      />
      <Label
        ui={ui}
        order={2}
        on={turn.role === "user" ? "raised" : "panel"}
        tone="dim"
        size={SIZE.small}
        text={given === "" ? "" : `With ${given}`}
      />
    </Card>
  );
}
