import Vide, { Show, source } from "@rbxts/vide";
import type { Chat } from "../chat/chat.js";
import type { SessionState } from "../session.js";
import type { Place } from "../shelf.js";
import { Bar } from "./bar.js";
import { Button } from "./button.js";
import { AttachBar, Given } from "./chat-attachments.js";
import type { ChatMemory } from "./chat-memory.js";
import { ModelPicker } from "./chat-models.js";
import { Question } from "./chat-question.js";
import { Gradual } from "./gradual.js";
import { Inset } from "./inset.js";
import { Label } from "./label.js";
import { Line } from "./line.js";
import type { Ui } from "./ui.js";

interface ComposerProps {
  readonly ui: Ui;
  readonly order: number;
  readonly state: () => SessionState;
  readonly chat: Chat;
  readonly memory: ChatMemory;
  readonly selected: () => readonly Place[];
}

/** All that goes into the next question, and what ends, repeats or forgets the ones before. */
export function Composer({ ui, order, state, chat, memory, selected }: ComposerProps) {
  const { conversation, models } = chat;
  const isAttaching = source(false);
  const isForgetting = source(false);
  const { isBusy, mayUseTools } = conversation;
  const isOnline = () => state().stage === "online";
  const mayAsk = () => isOnline() && !isBusy() && models.chosen() !== undefined;
  const isReady = () =>
    mayAsk() && (memory.draft().match("%S")[0] !== undefined || !conversation.attachments().isEmpty());
  const isEmpty = Vide.derive(() => conversation.turns().isEmpty());

  function ask(): void {
    const [text, model] = [memory.draft(), models.chosen()];
    if (model === undefined || !isReady()) return;
    memory.draft("");
    isForgetting(false);
    conversation.ask(text, model);
    memory.toEnd();
  }

  function retry(): void {
    const model = models.chosen();
    if (model !== undefined) conversation.retry(model);
    memory.toEnd();
  }

  /** What was said is nowhere else: a second click has to confirm. */
  function forget(): void {
    if (isForgetting()) conversation.clear();
    isForgetting(!isForgetting());
  }

  const offline = () => (isOnline() ? "" : "Not connected: a question can be asked once this Studio is.");
  const buttons = [
    () => (
      <Show
        when={isBusy}
        fallback={() => <Button ui={ui} order={1} rank="primary" text="Ask" isEnabled={isReady} onClick={ask} />}
      >
        {() => <Button ui={ui} order={1} rank="primary" text="Stop" onClick={() => conversation.stop()} />}
      </Show>
    ),
    () => (
      <Button
        ui={ui}
        order={2}
        text={() => (isAttaching() ? "▾ Attach" : "▸ Attach")}
        onClick={() => isAttaching(!isAttaching())}
      />
    ),
    () => (
      <Button
        ui={ui}
        order={3}
        text={() => (mayUseTools() ? "✓ May use tools" : "May use tools")}
        rank={() => (mayUseTools() ? "primary" : "secondary")}
        onClick={() => conversation.allowTools(!mayUseTools())}
      />
    ),
    () => (
      <Show when={() => !isEmpty()}>
        {() => <Button ui={ui} order={4} text="Retry" isEnabled={mayAsk} onClick={retry} />}
      </Show>
    ),
    () => (
      <Show when={() => !isEmpty()}>
        {() => (
          <Button
            ui={ui}
            order={5}
            text={() => (isForgetting() ? "Forget what was said" : "New conversation")}
            isEnabled={() => !isBusy()}
            onClick={forget}
          />
        )}
      </Show>
    ),
  ];
  return (
    <frame
      Name="Composer"
      LayoutOrder={order}
      BackgroundTransparency={1}
      Size={new UDim2(1, 0, 0, 0)}
      AutomaticSize={Enum.AutomaticSize.Y}
    >
      <Line ui={ui} at={0} />
      <Inset order={1}>
        <Gradual
          parts={[
            () => <Question ui={ui} order={4} draft={memory.draft} onAsk={ask} />,
            () => <ModelPicker ui={ui} order={1} models={models} />,
            () => <Given ui={ui} order={2} conversation={conversation} />,
            () => (
              <Show when={isAttaching}>
                {() => <AttachBar ui={ui} order={3} conversation={conversation} selected={selected} />}
              </Show>
            ),
            () => (
              <Bar order={5}>
                <Gradual parts={buttons} />
              </Bar>
            ),
            () => <Label ui={ui} order={6} tone="dim" text={offline} />,
          ]}
        />
      </Inset>
    </frame>
  );
}
