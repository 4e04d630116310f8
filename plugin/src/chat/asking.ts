import type { ToolCall } from "../bridge/chat-event.js";
import type { ChatRequest, Models } from "../bridge/models.js";
import { explain, problemOf } from "../wire/problem.js";
import { type Answer, createAnswer } from "./answer.js";
import type { Use } from "./tool-use.js";
import type { Toolbox } from "./toolbox.js";

/** Answers to one question, and calls in all of them: a model that goes round in circles is stopped. */
const ROUNDS = 16;
const CALLS = 64;
/** Of all answers to one question, and of what their tools were asked and have told: all of it is told again in each round. */
const ANSWER_BYTES = 400 * 1024;
const TOOL_BYTES = 192 * 1024;

const ENDINGS = {
  stop: undefined,
  "tool-calls": undefined,
  length: "The answer was cut off: the model may not answer with more tokens.",
  refused: "The model refused to answer.",
};

/** A question that is being answered. */
export interface Asking {
  /** Resolves once it is over, however; never rejects. */
  run(): Promise<void>;
  /** Ends what is under way, here and at the provider. */
  stop(): void;
}

export interface AskingOptions {
  readonly models: Models;
  readonly toolbox: Toolbox;
  readonly model: string;
  readonly mayUseTools: () => boolean;
  /** What was said so far, for the model. */
  readonly request: () => Promise<ChatRequest>;
  /** An answer begins; it is said from now on. */
  readonly onAnswer: (answer: Answer) => void;
  readonly onChange: () => void;
  /** Seconds. */
  readonly clock: () => number;
}

export function createAsking(options: AskingOptions): Asking {
  const { models, toolbox, model, clock, onChange } = options;
  let isStopped = false;
  let count = 0;
  let saidBytes = 0;
  let toolBytes = 0;
  /** Ends what is under way. */
  let finish: (() => void) | undefined;

  /** Resolves with the tools that the model asks for, once the answer is over. */
  function listen(answer: Answer, request: ChatRequest): Promise<readonly ToolCall[]> {
    return new Promise((resolve) => {
      const calls: ToolCall[] = [];

      function over(state: "done" | "stopped" | "failed", why?: string): void {
        chat.close();
        saidBytes += answer.bytes();
        answer.end(state, why);
        onChange();
        resolve(state === "done" ? calls : []);
      }

      const chat = models.chat({
        request,
        onEvent: (event) => {
          answer.hear(event);
          if (event.type === "tool-call") calls.push(event);
          if (event.type === "end") {
            const isEmpty = answer.bytes() === 0 && calls.isEmpty();
            over("done", ENDINGS[event.reason] ?? (isEmpty ? "The model answered nothing." : undefined));
          } else if (saidBytes + answer.bytes() > ANSWER_BYTES)
            over("stopped", "The answer had no end: it was stopped.");
          else onChange();
        },
        onProblem: (problem) => over("failed", explain(problem)),
      });
      finish = () => over("stopped");
    });
  }

  async function useTools(answer: Answer, calls: readonly ToolCall[]): Promise<void> {
    const uses: readonly Use[] = calls.map((call) => toolbox.begin(call));
    answer.use(uses);
    finish = () => {
      for (const use of uses) use.abandon();
    };
    for (const use of uses) {
      if (isStopped) return;
      count += 1;
      if (count > CALLS || toolBytes > TOOL_BYTES)
        use.fail("No more tools for this question. Answer with what you know.");
      else if (!options.mayUseTools()) use.fail("The user has not switched tools on.");
      else await toolbox.carryOut(use);
      toolBytes += use.call.arguments.size() + (use.result() ?? "").size();
      onChange();
    }
  }

  /** Resolves with whether the model has to be asked once more. */
  async function round(answer: Answer, isLast: boolean): Promise<boolean> {
    finish = () => answer.end("stopped");
    options.onAnswer(answer);
    const request = await options.request();
    if (isStopped) return false;
    const calls = await listen(answer, request);
    if (isStopped || calls.isEmpty()) return false;
    await useTools(answer, calls);
    if (isLast) answer.note(`The model went on asking for tools: stopped after ${ROUNDS} rounds.`);
    return !isLast && !isStopped;
  }

  return {
    async run() {
      for (let rounds = 1; rounds <= ROUNDS; rounds++) {
        const answer = createAnswer({ model, clock });
        let goesOn = false;
        try {
          goesOn = await round(answer, rounds === ROUNDS);
        } catch (thrown) {
          answer.end("failed", explain(problemOf(thrown)));
        }
        if (!goesOn) break;
      }
      onChange();
    },
    stop() {
      isStopped = true;
      finish?.();
    },
  };
}
