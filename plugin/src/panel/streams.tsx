import Vide, { For, Show } from "@rbxts/vide";
import type { SessionState } from "../session.js";
import type { Carrier } from "../wire/carrier.js";
import type { LinkStream } from "../wire/link-stream.js";
import { ageText, sizeText } from "./amount.js";
import { Button } from "./button.js";
import { Inset } from "./inset.js";
import { Label } from "./label.js";
import { FONT, SIZE } from "./theme.js";
import { createTraffic } from "./traffic.js";
import type { Ui } from "./ui.js";

interface StreamsProps {
  readonly ui: Ui;
  readonly order: number;
  readonly state: () => SessionState;
  /** Seconds, moving once a second. */
  readonly now: () => number;
  readonly carrier: Carrier;
}

interface RowProps {
  readonly ui: Ui;
  readonly order: () => number;
  readonly stream: LinkStream;
  readonly now: () => number;
  readonly rate: () => number;
}

/** What the button beside them leaves to the words. */
const CLOSE_WIDTH = 68;
/** After all rows comes what is outside of the link. */
const AFTER_ROWS = 100_000;

/** Puente's own watches are not for the user to end: they would only begin again. */
function nameOf({ op, owner, label }: LinkStream): string {
  return owner === "puente" ? `Changes in ${label}` : `${label}, ${op}`;
}

/** One stream on two lines of a fixed height, whatever they say. */
function Row({ ui, order, stream, now, rate }: RowProps) {
  const ink = () => ui.theme.palette().panel;
  const mayClose = stream.owner === "caller";
  const detail = () => {
    const age = now() - stream.since;
    const words = stream.state() === "open" ? "open" : "connecting";
    return `${words} · ${ageText(math.max(0, age))} · ${sizeText(stream.bytes())} · ${sizeText(rate())}/s`;
  };
  const line = (name: string, y: number, text: Vide.Derivable<string>, tone: "plain" | "dim") => (
    <textlabel
      Name={name}
      BackgroundTransparency={1}
      Position={UDim2.fromOffset(0, y)}
      Size={new UDim2(1, mayClose ? -CLOSE_WIDTH : 0, 0, SIZE.row)}
      Text={text}
      TextColor3={() => ink()[tone]}
      TextSize={tone === "plain" ? SIZE.text : SIZE.small}
      Font={FONT}
      TextTruncate={Enum.TextTruncate.AtEnd}
      TextXAlignment={Enum.TextXAlignment.Left}
    />
  );
  return (
    <frame Name={stream.label} LayoutOrder={order} BackgroundTransparency={1} Size={new UDim2(1, 0, 0, 2 * SIZE.row)}>
      {line("What", 0, nameOf(stream), "plain")}
      {line("Detail", SIZE.row, detail, "dim")}
      <frame
        Name="Close"
        BackgroundTransparency={1}
        AnchorPoint={new Vector2(1, 0.5)}
        Position={UDim2.fromScale(1, 0.5)}
        Size={UDim2.fromOffset(0, 0)}
        AutomaticSize={Enum.AutomaticSize.XY}
      >
        <Show when={() => mayClose}>
          {() => <Button ui={ui} order={1} text="Close" onClick={() => stream.dismiss()} />}
        </Show>
      </frame>
    </frame>
  );
}

/** Every stream of this plugin, and who holds Studio's stream clients. */
export function Streams({ ui, order, state, now, carrier }: StreamsProps) {
  const traffic = createTraffic(carrier, now);
  const outside = () =>
    traffic
      .outside()
      .map(
        ({ operation, upstream, openSeconds, bytes }) =>
          `${upstream}, ${operation}: ${ageText(openSeconds)}, ${sizeText(bytes)}`,
      )
      .join("\n");
  return (
    <Inset order={order}>
      <Label ui={ui} order={0} tone="dim" text={traffic.holders} />
      <For each={traffic.streams}>
        {(stream: LinkStream, index: () => number) => (
          <Row ui={ui} order={() => index()} stream={stream} now={now} rate={() => traffic.rate(stream)} />
        )}
      </For>
      <Label
        ui={ui}
        order={AFTER_ROWS}
        tone="dim"
        text={() =>
          traffic.streams().isEmpty() && state().stage === "online" ? "No stream is open over the link." : ""
        }
      />
      <Label
        ui={ui}
        order={AFTER_ROWS + 1}
        tone="dim"
        text={() => (traffic.outside().isEmpty() ? "" : `At the daemon, outside of the link:\n${outside()}`)}
      />
    </Inset>
  );
}
