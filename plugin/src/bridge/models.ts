import { CONTRACT, type Input, type Output } from "../../../shared/contract/index.js";
import { decodeOutput } from "../wire/answer.js";
import type { Carrier } from "../wire/carrier.js";
import { type AnyProblem, localProblem, problemOf } from "../wire/problem.js";
import { type ChatEvent, chatEvent } from "./chat-event.js";

export type ModelList = Output<"llm/models">;
export type ChatRequest = Input<"llm/chat">;

export interface ChatOptions {
  /** Which model is asked, and what has been said so far; at most 3 MiB. docs/models.md says what else it may hold. */
  readonly request: ChatRequest;
  /** Everything that the model tells, in order; `end` is the last. */
  readonly onEvent?: (event: ChatEvent) => void;
  /** Some of the answer's text, never half a character. */
  readonly onText?: (text: string) => void;
  /** The answer is whole: `stop`, `length`, `tool-calls` or `refused`. Nothing comes after it. */
  readonly onEnd?: (reason: string) => void;
  /** It failed: `no-model`, `context-too-long`, `upstream-unreachable`, `connection-lost` and the like. Nothing comes after it. */
  readonly onProblem: (problem: AnyProblem) => void;
}

export interface Chat {
  /** Stops the model, also at its provider. No callback is called any more. */
  close(): void;
}

/** The models of this machine, and those of the providers that the daemon has a key for. */
export interface Models {
  /**
   * Every model of every provider, and what is the matter with the providers that have none. `again` looks for local
   * servers anew; without it, what was learnt less than a minute ago is told again.
   */
  list(options?: { readonly again?: boolean }): Promise<ModelList>;
  /** Asks a model, over the link: tells its answer as it comes, through cuts of the link. */
  chat(options: ChatOptions): Chat;
}

function chatOverLink({ http, link }: Carrier, options: ChatOptions): Chat {
  let hasBegun = false;
  let isOver = false;

  function finish(tell: () => void): void {
    if (isOver) return;
    isOver = true;
    stream.close();
    // In a thread of its own: what the caller does with it is nothing to the link.
    task.spawn(tell);
  }

  function fail(problem: AnyProblem): void {
    finish(() => options.onProblem(problem));
  }

  function tell(event: ChatEvent): void {
    options.onEvent?.(event);
    if (event.type === "text") options.onText?.(event.text);
    else if (event.type === "end") options.onEnd?.(event.reason);
  }

  function hear(message: string): void {
    if (isOver) return;
    hasBegun = true;
    const [ok, heard] = pcall(() => chatEvent(decodeOutput(http, CONTRACT["llm/chat"].output, message)));
    if (!ok) {
      fail(problemOf(heard));
      return;
    }
    const event = heard as ChatEvent;
    if (event.type === "end") finish(() => tell(event));
    else task.spawn(tell, event);
  }

  // One that is down tries again by itself, in its own time.
  if (link.state().stage === "resting") link.wake();
  const stream = link.open({
    op: "llm/chat",
    input: options.request,
    body: "",
    label: options.request.model,
    owner: "caller",
    onOpened: () => {
      hasBegun = true;
    },
    onMessage: hear,
    onClosed: () => fail(localProblem("closed-early", "The answer was stopped.")),
    onProblem: (problem) =>
      fail(problem.code === "session-lost" ? localProblem("connection-lost", "The connection was lost.") : problem),
    // An answer that has begun is resumed: it fails only with its session.
    onDown: () => {
      if (!hasBegun) fail(localProblem("connection-lost"));
    },
  });
  return {
    close() {
      isOver = true;
      stream.close();
    },
  };
}

export function createModels(carrier: Carrier): Models {
  return {
    list(options) {
      return carrier.caller.call("llm/models", { again: options?.again === true });
    },
    chat(options) {
      return chatOverLink(carrier, options);
    },
  };
}
