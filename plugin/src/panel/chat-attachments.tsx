import Vide, { For, Show, source } from "@rbxts/vide";
import type { Attachment, Conversation } from "../chat/turn.js";
import type { Place } from "../shelf.js";
import { sizeText } from "./amount.js";
import { Bar } from "./bar.js";
import { Button } from "./button.js";
import { pointed } from "./pointed.js";
import { FONT, SIZE } from "./theme.js";
import type { Ui } from "./ui.js";

interface ChipProps {
  readonly ui: Ui;
  readonly order: () => number;
  readonly attachment: Attachment;
  readonly onRemove: () => void;
}

const PARTS = ["Name", "Size", "Cross"];
/** Longer names are cut: the narrowest panel must still show what is beside them. */
const MOST_WIDTH = 130;

/** What tells it from others best: the end of a path, or of a script's full name. */
function shortName({ kind, name }: Attachment): string {
  if (kind === "output") return name;
  return `${name.match(kind === "script" ? "[^.]*$" : "[^/]*$")[0]}`;
}

/** What goes with the next question; a click takes it away again. */
function Chip({ ui, order, attachment, onRemove }: ChipProps) {
  const pointer = source<Enum.GuiState>(Enum.GuiState.Idle);
  const stop = ui.keyboard.add({ activate: onRemove });
  const colours = () => ui.theme.palette().secondary;
  const shade = () => pointed(pointer(), colours());
  const { name, bytes } = attachment;
  return (
    <textbutton
      Name={`Remove ${name}`}
      LayoutOrder={order}
      AutoButtonColor={false}
      BackgroundColor3={() => shade().fill}
      BorderSizePixel={0}
      Size={UDim2.fromOffset(0, SIZE.row)}
      AutomaticSize={Enum.AutomaticSize.X}
      Text=""
      GuiStateChanged={pointer}
      Activated={() => {
        stop.touch();
        onRemove();
      }}
      action={stop.bind}
    >
      <uipadding PaddingLeft={new UDim(0, SIZE.gap)} PaddingRight={new UDim(0, SIZE.gap)} />
      <uilistlayout
        FillDirection={Enum.FillDirection.Horizontal}
        VerticalAlignment={Enum.VerticalAlignment.Center}
        Padding={new UDim(0, SIZE.gap)}
        SortOrder={Enum.SortOrder.LayoutOrder}
      />
      <uicorner CornerRadius={new UDim(0, SIZE.corner)} />
      <uistroke
        ApplyStrokeMode={Enum.ApplyStrokeMode.Border}
        Color={() => (stop.isOn() ? colours().ring : shade().border)}
        Thickness={() => (stop.isOn() ? 2 : 1)}
      />
      {[shortName(attachment), sizeText(bytes), "×"].map((text, place) => (
        <textlabel
          Name={PARTS[place]}
          LayoutOrder={place}
          BackgroundTransparency={1}
          Size={new UDim2(0, 0, 1, 0)}
          AutomaticSize={Enum.AutomaticSize.X}
          Text={text}
          TextColor3={() => shade().text}
          TextSize={SIZE.small}
          Font={FONT}
          TextTruncate={Enum.TextTruncate.AtEnd}
          TextXAlignment={Enum.TextXAlignment.Left}
        >
          <uisizeconstraint MaxSize={new Vector2(MOST_WIDTH, math.huge)} />
        </textlabel>
      ))}
    </textbutton>
  );
}

interface GivenProps {
  readonly ui: Ui;
  readonly order: number;
  readonly conversation: Conversation;
}

/** What goes with the next question. */
export function Given({ ui, order, conversation }: GivenProps) {
  return (
    <Show when={() => !conversation.attachments().isEmpty()}>
      {() => (
        <Bar order={order}>
          <For each={conversation.attachments}>
            {(attachment: Attachment, index: () => number) => (
              <Chip
                ui={ui}
                order={() => index()}
                attachment={attachment}
                onRemove={() => conversation.detach(attachment)}
              />
            )}
          </For>
        </Bar>
      )}
    </Show>
  );
}

interface AttachBarProps extends GivenProps {
  /** The files that are selected in the Files tab. */
  readonly selected: () => readonly Place[];
}

/** The ways to give more with it. */
export function AttachBar({ ui, order, conversation, selected }: AttachBarProps) {
  const files = () => selected().size();
  return (
    <Bar order={order}>
      <Button ui={ui} order={1} text="Selected scripts" onClick={() => conversation.attachSelectedScripts()} />
      <Button ui={ui} order={2} text="Errors of the output" onClick={() => conversation.attachErrors()} />
      <Button
        ui={ui}
        order={3}
        text={() => `Selected files (${files()})`}
        isEnabled={() => files() > 0}
        onClick={() => conversation.attachFiles(selected())}
      />
    </Bar>
  );
}
