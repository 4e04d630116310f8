import Vide, { source } from "@rbxts/vide";
import { SIZE } from "./theme.js";
import type { Ui } from "./ui.js";

interface PaneProps {
  readonly ui: Ui;
  readonly name: string;
  readonly top: () => number;
  readonly height: () => number;
  readonly onContent: (height: number) => void;
  readonly children?: Vide.Node;
}

/** Content that scrolls where it is higher than its pane. */
function Pane({ ui, name, top, height, onContent, children }: PaneProps) {
  const { palette } = ui.theme;
  return (
    <scrollingframe
      Name={name}
      BackgroundColor3={() => palette().panel.fill}
      BorderSizePixel={0}
      Position={() => UDim2.fromOffset(0, top())}
      Size={() => new UDim2(1, 0, 0, height())}
      CanvasSize={new UDim2()}
      AutomaticCanvasSize={Enum.AutomaticSize.Y}
      ScrollingDirection={Enum.ScrollingDirection.Y}
      ScrollBarThickness={SIZE.scrollBar}
      ScrollBarImageColor3={() => palette().scrollBar}
    >
      <frame
        Name="Content"
        BackgroundTransparency={1}
        Size={new UDim2(1, 0, 0, 0)}
        AutomaticSize={Enum.AutomaticSize.Y}
        AbsoluteSizeChanged={(size) => onContent(size.Y)}
      >
        <uilistlayout SortOrder={Enum.SortOrder.LayoutOrder} />
        {children}
      </frame>
    </scrollingframe>
  );
}

interface PanesProps {
  readonly ui: Ui;
  /** Above all else, and never scrolled. */
  readonly head: Vide.Node;
  readonly upper: Vide.Node;
  /**
   * As high as it needs, up to half of the panel and what the upper one leaves free: always in sight, and what is above
   * does not move when it grows.
   */
  readonly lower: Vide.Node;
}

/** All of the widget, and what hears its keys. */
export function Panes({ ui, head, upper, lower }: PanesProps) {
  const whole = source(0);
  const top = source(0);
  const above = source(0);
  const wanted = source(0);
  const room = () => math.max(0, whole() - top());
  const below = () => math.min(wanted(), math.max(room() - above(), math.floor(room() / 2)));
  return (
    <frame
      Name="Puente"
      BackgroundColor3={() => ui.theme.palette().panel.fill}
      BorderSizePixel={0}
      Size={UDim2.fromScale(1, 1)}
      AbsoluteSizeChanged={(size) => whole(size.Y)}
      InputBegan={(input) => ui.keyboard.hear(input)}
      InputEnded={(input) => ui.keyboard.hearEnd(input)}
    >
      <frame
        Name="Head"
        BackgroundTransparency={1}
        Size={new UDim2(1, 0, 0, 0)}
        AutomaticSize={Enum.AutomaticSize.Y}
        AbsoluteSizeChanged={(size) => top(size.Y)}
      >
        {head}
      </frame>
      <Pane ui={ui} name="Upper" top={top} height={() => room() - below()} onContent={above}>
        {upper}
      </Pane>
      <Pane ui={ui} name="Lower" top={() => top() + room() - below()} height={below} onContent={wanted}>
        {lower}
      </Pane>
    </frame>
  );
}
