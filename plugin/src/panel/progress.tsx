import Vide, { Show } from "@rbxts/vide";
import type { Work } from "../work.js";
import { Button } from "./button.js";
import { Inset } from "./inset.js";
import { Label } from "./label.js";
import { Line } from "./line.js";
import { SIZE } from "./theme.js";
import type { Ui } from "./ui.js";

interface ProgressProps {
  readonly ui: Ui;
  readonly order: number;
  readonly work: Work;
}

/** How far the work is that is under way, as words and as a bar, and the button that cancels it. */
export function Progress({ ui, order, work }: ProgressProps) {
  const { palette } = ui.theme;
  const share = () => {
    const view = work.view();
    return view === undefined || view.total === 0 ? 0 : view.done / view.total;
  };
  const words = () => {
    const view = work.view();
    return view === undefined ? "" : `${view.title}: ${view.done} of ${view.total}`;
  };
  const isShown = Vide.derive(() => (work.view()?.total ?? 0) > 1);
  return (
    <Show when={isShown}>
      {() => (
        <frame
          Name="Progress"
          LayoutOrder={order}
          BackgroundColor3={() => palette().panel.fill}
          BorderSizePixel={0}
          Size={new UDim2(1, 0, 0, 0)}
          AutomaticSize={Enum.AutomaticSize.Y}
        >
          <Line ui={ui} at={0} />
          <Inset order={1}>
            <Label ui={ui} order={1} text={words} />
            <frame
              Name="Track"
              LayoutOrder={2}
              BackgroundColor3={() => palette().line}
              BorderSizePixel={0}
              Size={new UDim2(1, 0, 0, SIZE.tight)}
            >
              <frame
                Name="Done"
                BackgroundColor3={() => palette().ring}
                BorderSizePixel={0}
                Size={() => UDim2.fromScale(share(), 1)}
              />
            </frame>
            <Button ui={ui} order={3} text="Cancel" onClick={() => work.cancel()} />
          </Inset>
        </frame>
      )}
    </Show>
  );
}
