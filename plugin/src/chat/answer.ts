import { source } from "@rbxts/vide";
import type { ChatEvent } from "../bridge/chat-event.js";
import { createGather } from "./gather.js";
import type { KeptTurn } from "./kept-turn.js";
import { createPieces } from "./pieces.js";
import type { Said } from "./said.js";
import type { Use } from "./tool-use.js";
import type { ToolUse, Turn } from "./turn.js";

/** How often the pace is reckoned anew. */
const PACE_SECONDS = 0.5;
/** Of a token, where the provider does not count them. */
const TOKEN_BYTES = 4;

type Ended = "done" | "stopped" | "failed";

/** An answer that comes. */
export interface Answer extends Said {
  hear(event: ChatEvent): void;
  /** Bytes of what it says and thinks. */
  bytes(): number;
  /** Shows what the model has asked for. */
  use(uses: readonly Use[]): void;
  /** Says what is the matter with it, though it is over. */
  note(why: string): void;
  /** Nothing more comes. It is done or has failed once all is shown, and stopped at once. */
  end(state: Ended, trouble?: string): void;
}

export interface AnswerOptions {
  readonly model: string;
  /** Seconds. */
  readonly clock: () => number;
}

export function createAnswer({ model, clock }: AnswerOptions): Answer {
  const asked = clock();
  const pieces = createPieces();
  const state = source<ReturnType<Turn["state"]>>("loading");
  const waiting = source(0);
  const trouble = source("");
  const pace = source<ReturnType<Turn["pace"]>>({});
  const tools = source<readonly ToolUse[]>([]);
  const parts = { text: [] as string[], reasoning: [] as string[] };
  let uses: readonly Use[] = [];
  let bytes = 0;
  let firstAt: number | undefined;
  let reckonedAt = 0;
  let tokens: number | undefined;
  /** What it is to be once all is shown. */
  let ended: Ended | undefined;
  /** What is kept of it, once that changes no more. */
  let whole: KeptTurn | undefined;

  function reckon(): void {
    if (firstAt === undefined) return;
    const now = clock();
    reckonedAt = now;
    const since = now - firstAt;
    // The first token says nothing about how fast the others come.
    const count = (tokens ?? bytes / TOKEN_BYTES) - 1;
    pace({ firstSeconds: firstAt - asked, tokens, perSecond: since > 0 && count > 0 ? count / since : undefined });
  }

  const gather = createGather((kind, text) => {
    pieces.add(kind, text);
    if (clock() - reckonedAt >= PACE_SECONDS && ended === undefined) reckon();
  });

  function begin(): void {
    if (firstAt !== undefined) return;
    firstAt = clock();
    state("streaming");
    reckon();
  }

  function settle(): void {
    pieces.finish();
    if (ended !== undefined) state(ended);
  }

  function tick(): void {
    if (state() !== "loading") return;
    waiting(math.floor(clock() - asked));
    task.delay(1, tick);
  }
  tick();

  return {
    turn: { role: "assistant", model, attachments: [], pieces: pieces.all, tools, state, waiting, trouble, pace },
    hear(event) {
      if (ended !== undefined) return;
      if (event.type === "text" || event.type === "reasoning") {
        begin();
        parts[event.type].push(event.text);
        bytes += event.text.size();
        gather.add(event.type, event.text);
      } else if (event.type === "tool-call") begin();
      else if (event.type === "usage") {
        tokens = event.outputTokens;
        reckon();
      }
    },
    bytes() {
      return bytes;
    },
    use(given) {
      uses = given;
      whole = undefined;
      tools(given.map((use) => use.shown));
    },
    note(why) {
      trouble(why);
      whole = undefined;
    },
    end(into, why) {
      if (ended !== undefined) return;
      ended = into;
      trouble(why ?? "");
      reckon();
      if (into === "stopped") state(into);
      gather.whenEmpty(settle);
    },
    keep() {
      if (whole !== undefined) return whole;
      const { firstSeconds, perSecond } = pace();
      const reasoning = parts.reasoning.join("");
      const kept: KeptTurn = {
        role: "assistant",
        model,
        text: parts.text.join(""),
        reasoning: reasoning === "" ? undefined : reasoning,
        calls: uses.map((use) => use.keep()),
        state: ended,
        trouble: trouble(),
        firstSeconds,
        perSecond,
        tokens,
      };
      if (ended !== undefined && uses.every((use) => use.result() !== undefined)) whole = kept;
      return kept;
    },
  };
}
