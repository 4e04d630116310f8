import { source } from "@rbxts/vide";
import type { ToolCall } from "../bridge/chat-event.js";
import { asUtf8 } from "../utf8-text.js";
import type { KeptCall } from "./kept-turn.js";
import type { ToolUse } from "./turn.js";

type Edit = NonNullable<ToolUse["edit"]>;

/** A call of a model's: how it is shown, what becomes of it, and what the model is told. */
export interface Use {
  readonly shown: ToolUse;
  readonly call: ToolCall;
  /** What the model is told; undefined while that is not known. */
  result(): string | undefined;
  settle(state: "done" | "accepted" | "refused", result: string): void;
  /** It failed: why, for the user and for the model. */
  fail(why: string): void;
  /** Shows an edit and waits for the user; resolves with false where it is refused, or not wanted any more. */
  propose(edit: Edit): Promise<boolean>;
  /** What ends it early, where it takes long. */
  onAbandon(stop: () => void): void;
  /** Nobody wants it any more. */
  abandon(): void;
  keep(): KeptCall;
}

const LOST = "This was not done: the user stopped it.";

export function createUse(call: ToolCall, subject: string, kept?: KeptCall): Use {
  const state = source<ReturnType<ToolUse["state"]>>(kept?.state ?? (kept === undefined ? "running" : "failed"));
  const detail = source(kept?.detail ?? (kept !== undefined && kept.result === undefined ? "Stopped." : ""));
  let result = kept === undefined ? undefined : (kept.result ?? LOST);
  let decide: ((isAccepted: boolean) => void) | undefined;
  let stop: (() => void) | undefined;

  function verdict(isAccepted: boolean): void {
    const tell = decide;
    decide = undefined;
    if (tell === undefined) return;
    if (isAccepted) state("running");
    tell(isAccepted);
  }

  function settle(into: ReturnType<ToolUse["state"]>, told: string, why: string): void {
    if (result !== undefined) return;
    // A script, or its name, may be anything.
    result = asUtf8(told);
    detail(why);
    state(into);
  }

  const shown = {
    name: call.name,
    subject,
    state,
    detail,
    edit: undefined as Edit | undefined,
    accept() {
      verdict(true);
    },
    refuse() {
      verdict(false);
    },
  };
  return {
    shown,
    call,
    result() {
      return result;
    },
    settle(into, told) {
      settle(into, told, "");
    },
    fail(why) {
      settle("failed", `This failed: ${why}`, why);
    },
    propose(edit) {
      shown.edit = edit;
      return new Promise<boolean>((resolve) => {
        decide = resolve;
        state("proposed");
      });
    },
    onAbandon(given) {
      stop = given;
    },
    abandon() {
      if (result !== undefined) return;
      settle("failed", LOST, "Stopped.");
      stop?.();
      verdict(false);
    },
    keep() {
      const now = state();
      const { id, name } = call;
      return {
        id,
        name,
        arguments: call.arguments,
        subject,
        result,
        detail: detail(),
        state: now === "running" || now === "proposed" ? undefined : now,
      };
    },
  };
}
