import Vide, { Show, source } from "@rbxts/vide";
import type { Chat } from "../chat/chat.js";
import type { SessionState } from "../session.js";
import { Button } from "./button.js";
import { BlockView } from "./chat-block.js";
import type { Block } from "./chat-blocks.js";
import { guessHeight } from "./chat-guess.js";
import type { ChatMemory } from "./chat-memory.js";
import { Column } from "./column.js";
import { Flow } from "./flow.js";
import { Inset } from "./inset.js";
import { Label } from "./label.js";
import type { Ui } from "./ui.js";

interface ChatTurnsProps {
  readonly ui: Ui;
  readonly order: number;
  readonly state: () => SessionState;
  readonly now: () => number;
  readonly chat: Chat;
  readonly memory: ChatMemory;
  readonly onCompare: (code: string) => Promise<void>;
  readonly run: (task: () => Promise<void>) => void;
}

const NOTHING_SAID = "Ask something below. Scripts, files and errors go along only where you attach them.";

/** What there is once all changes of a moment are made. */
function latest<T>(read: () => T): () => T {
  let now = Vide.untrack(read);
  const shown = source(now);
  let isTelling = false;
  let isOver = false;
  Vide.effect(() => {
    now = read();
    if (isTelling) return;
    isTelling = true;
    task.defer(() => {
      isTelling = false;
      if (!isOver) shown(now);
    });
  });
  Vide.cleanup(() => {
    isOver = true;
  });
  return () => shown();
}

/** What was said, or what to do where nothing was said yet. */
export function ChatTurns(props: ChatTurnsProps) {
  const { ui, order, state, now, chat, memory, onCompare, run } = props;
  const { conversation, models, codeActions } = chat;
  const blocks = latest(() => memory.blocks.of(conversation.turns()));
  const objects = new Map<Block, GuiObject>();
  /** The passage that was clicked into last. */
  const reading = source<TextBox | undefined>(undefined);
  const isEmpty = Vide.derive(() => blocks().isEmpty());
  const isWithout = Vide.derive(() => models.all().isEmpty() && models.state() !== "asking");
  const isOnline = Vide.derive(() => state().stage === "online");
  Vide.effect(() => {
    if (isOnline() && Vide.untrack(models.state) === "resting") Vide.untrack(() => models.refresh());
  });
  const remark = () => {
    if (!isOnline()) return "The chat is there once this Studio is connected.";
    if (models.state() === "asking" && models.all().isEmpty()) return "Looking for models…";
    return isWithout() ? "No model was found." : NOTHING_SAID;
  };

  function activate(block: Block): void {
    if (block.kind === "reasoning") {
      memory.toggle(block.piece);
      return;
    }
    const object = objects.get(block);
    const box = object?.IsA("TextBox") === true ? object : object?.FindFirstChildWhichIsA("TextBox", true);
    if (box === undefined) return;
    box.CaptureFocus();
    box.SelectionStart = 1;
    box.CursorPosition = box.Text.size() + 1;
  }

  return (
    <Column name="Chat" order={order} gap={0}>
      <Show when={isEmpty}>
        {() => (
          <Inset order={1}>
            <Label ui={ui} order={1} tone="dim" text={remark} />
            <Label
              ui={ui}
              order={2}
              tone="warning"
              text={() => (isOnline() && isWithout() ? models.troubles().join("\n") : "")}
            />
            <Show when={() => isOnline() && isWithout()}>
              {() => <Button ui={ui} order={3} text="Look again" onClick={() => models.refresh()} />}
            </Show>
          </Inset>
        )}
      </Show>
      <Flow
        ui={ui}
        name="ChatFlow"
        order={2}
        items={blocks}
        orderOf={({ order }: Block) => order}
        guess={guessHeight}
        focused={() => (reading()?.IsFocused() === true ? reading() : undefined)}
        onActivate={activate}
        ends={memory.ends}
      >
        {(block: Block, touch) => {
          const object = (
            <BlockView
              ui={ui}
              block={block}
              now={now}
              code={codeActions}
              onCompare={onCompare}
              isUnfolded={memory.isUnfolded}
              onToggle={(piece) => memory.toggle(piece)}
              onSeen={(turn) => memory.blocks.read(turn)}
              onFocus={(box) => {
                reading(box);
                touch();
              }}
              run={run}
            />
          ) as GuiObject;
          objects.set(block, object);
          Vide.cleanup(() => objects.delete(block));
          return object;
        }}
      </Flow>
    </Column>
  );
}
