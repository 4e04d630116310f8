import Vide, { source } from "@rbxts/vide";
import { Line } from "./line.js";
import { pointed } from "./pointed.js";
import { BOLD, SIZE } from "./theme.js";
import type { Ui } from "./ui.js";

interface TabsProps<Name extends string> {
  readonly ui: Ui;
  readonly order: number;
  readonly names: readonly Name[];
  readonly current: () => Name;
  readonly onChoose: (name: Name) => void;
}

/** Room beside the words: in the narrowest panel there is no more. */
const BESIDE = 6;
/** Under the words of the tab that is shown. */
const UNDERLINE = 3;

/** The heading of what is shown below it, and of what else could be. */
export function Tabs<Name extends string>({ ui, order, names, current, onChoose }: TabsProps<Name>) {
  const { palette } = ui.theme;

  function Tab(name: Name, place: number): Vide.Node {
    const pointer = source<Enum.GuiState>(Enum.GuiState.Idle);
    const choose = () => onChoose(name);
    const stop = ui.keyboard.add({ activate: choose });
    const isCurrent = () => current() === name;
    const shade = () => pointed(pointer(), palette().quiet);
    return (
      <textbutton
        Name={name}
        LayoutOrder={place}
        AutoButtonColor={false}
        BackgroundColor3={() => shade().fill}
        BorderSizePixel={0}
        Size={new UDim2(0, 0, 1, -2 * SIZE.tight)}
        AutomaticSize={Enum.AutomaticSize.X}
        Text={name}
        TextColor3={() => shade().text}
        TextSize={SIZE.text}
        Font={BOLD}
        GuiStateChanged={pointer}
        Activated={() => {
          stop.touch();
          choose();
        }}
        action={stop.bind}
      >
        <uipadding PaddingLeft={new UDim(0, BESIDE)} PaddingRight={new UDim(0, BESIDE)} />
        <uicorner CornerRadius={new UDim(0, SIZE.corner)} />
        <uistroke
          ApplyStrokeMode={Enum.ApplyStrokeMode.Border}
          Color={() => palette().quiet.ring}
          Enabled={stop.isOn}
          Thickness={2}
        />
        <frame
          Name="Underline"
          AnchorPoint={new Vector2(0, 1)}
          BackgroundColor3={() => palette().ring}
          BorderSizePixel={0}
          Position={UDim2.fromScale(0, 1)}
          Size={new UDim2(1, 0, 0, UNDERLINE)}
          Visible={isCurrent}
        />
      </textbutton>
    );
  }

  return (
    <frame
      Name="Tabs"
      LayoutOrder={order}
      BackgroundColor3={() => palette().raised.fill}
      BorderSizePixel={0}
      Size={new UDim2(1, 0, 0, SIZE.control + SIZE.gap)}
    >
      <Line ui={ui} at={0} />
      <Line ui={ui} at={1} />
      <frame Name="Names" BackgroundTransparency={1} Size={UDim2.fromScale(1, 1)}>
        <uipadding PaddingLeft={new UDim(0, SIZE.tight)} />
        <uilistlayout
          FillDirection={Enum.FillDirection.Horizontal}
          VerticalAlignment={Enum.VerticalAlignment.Center}
          SortOrder={Enum.SortOrder.LayoutOrder}
        />
        {names.map((name, place) => Tab(name, place))}
      </frame>
    </frame>
  );
}
