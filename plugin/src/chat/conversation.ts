import { source } from "@rbxts/vide";
import { LIMITS } from "../../../shared/protocol.js";
import type { ChatRequest, Models } from "../bridge/models.js";
import { type Asking, createAsking } from "./asking.js";
import type { Attachments } from "./attachments.js";
import type { History } from "./history.js";
import type { Given, KeptTurn } from "./kept-turn.js";
import { messagesFor } from "./messages.js";
import { createSaid, type Said } from "./said.js";
import type { Toolbox } from "./toolbox.js";
import type { Conversation, Turn } from "./turn.js";

export interface ConversationOptions {
  readonly models: Models;
  readonly attachments: Attachments;
  readonly toolbox: Toolbox;
  /** @param turns tells what there is to be kept. */
  readonly historyOf: (turns: () => readonly KeptTurn[]) => History;
  /** Runs what the user asked for; its failure is shown. */
  readonly run: (task: () => Promise<void>) => void;
  /** Seconds. */
  readonly clock: () => number;
}

/** A conversation that can be ended. */
export interface OwnConversation extends Conversation {
  /** Stops the model and keeps what was said, before it returns. */
  close(): void;
}

export function createConversation(options: ConversationOptions): OwnConversation {
  const { models, attachments, toolbox, run, clock } = options;
  const turns = source<readonly Turn[]>([]);
  const isBusy = source(false);
  const mayUseTools = source(false);
  let asking: Asking | undefined;
  let said: readonly Said[] = [];
  const history = options.historyOf(() => said.map((each) => each.keep()));

  function show(all: readonly Said[]): void {
    said = all;
    turns(all.map(({ turn }) => turn));
  }

  /** The pictures that can be sent again, the newest first, as many as one chat takes. */
  async function pictures(kept: readonly KeptTurn[]): Promise<ReadonlySet<Given>> {
    const there = new Set<Given>();
    let room = LIMITS.chatImageBytes;
    for (let index = kept.size() - 1; index >= 0; index--) {
      for (const given of (kept[index].attachments ?? []) as readonly Given[]) {
        if (given.kind !== "picture" || given.bytes > room || there.size() === LIMITS.chatImages) continue;
        if (!(await attachments.isThere(given))) continue;
        there.add(given);
        room -= given.bytes;
      }
    }
    return there;
  }

  async function request(model: string): Promise<ChatRequest> {
    const kept = said.map((each) => each.keep());
    const there = await pictures(kept);
    const withTools = mayUseTools();
    const messages = messagesFor(kept, { withTools, hasPicture: (given) => there.has(given) });
    return { model, messages, tools: withTools ? toolbox.definitions : undefined };
  }

  function answer(model: string): void {
    const now = createAsking({
      models,
      toolbox,
      model,
      clock,
      mayUseTools,
      request: () => request(model),
      onAnswer: (begun) => show([...said, begun]),
      onChange: () => history.touch(),
    });
    asking = now;
    isBusy(true);
    run(async () => {
      await now.run();
      if (asking !== now) return;
      asking = undefined;
      isBusy(false);
      history.save();
    });
  }

  function stop(): void {
    const now = asking;
    asking = undefined;
    now?.stop();
    isBusy(false);
    history.save();
  }

  show(history.read().map(createSaid));
  return {
    turns,
    isBusy,
    attachments: attachments.all,
    mayUseTools,
    allowTools(isAllowed) {
      mayUseTools(isAllowed);
    },
    attachSelectedScripts() {
      run(() => attachments.addSelectedScripts());
    },
    attachErrors() {
      run(() => attachments.addErrors());
    },
    attachFiles(places) {
      run(() => attachments.addFiles(places));
    },
    detach(attachment) {
      attachments.remove(attachment);
    },
    ask(text, model) {
      if (isBusy() || (text.match("%S")[0] === undefined && attachments.all().isEmpty())) return;
      const question = createSaid({ role: "user", text, attachments: attachments.take() });
      show([...said, question]);
      history.touch();
      history.save();
      answer(model);
    },
    stop() {
      if (asking !== undefined) stop();
    },
    retry(model) {
      if (isBusy()) return;
      let last = said.size() - 1;
      while (last >= 0 && said[last].turn.role !== "user") last -= 1;
      if (last < 0) return;
      show(said.filter((_, index) => index <= last));
      answer(model);
    },
    clear() {
      stop();
      show([]);
      mayUseTools(false);
      history.clear();
    },
    close() {
      stop();
    },
  };
}
