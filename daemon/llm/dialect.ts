import type { Output } from "../../shared/contract/index.js";
import type { Header } from "../upstream/headers.js";
import type { Complain } from "./trouble.js";

/** A picture as the dialects send it. */
export interface Picture {
  /** As `image/png`. */
  readonly type: string;
  readonly base64: string;
}

interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** JSON of an object. */
  readonly arguments: string;
}

/** One message of a conversation, checked. */
export type Said =
  | { readonly role: "system"; readonly text: string }
  | { readonly role: "user"; readonly text: string; readonly images: readonly Picture[] }
  | { readonly role: "assistant"; readonly text: string; readonly toolCalls: readonly ToolCall[] }
  /** `name`: of the tool whose call this answers. */
  | { readonly role: "tool"; readonly text: string; readonly callId: string; readonly name: string };

export interface Tool {
  readonly name: string;
  readonly description: string;
  /** A JSON Schema of an object. */
  readonly parameters: object;
}

/** What a model is asked. */
export interface Question {
  /** Of this question alone. */
  readonly id: string;
  /** The provider's own name of it. */
  readonly model: string;
  readonly messages: readonly Said[];
  readonly tools: readonly Tool[];
  readonly temperature?: number;
  readonly maxTokens?: number;
  readonly stop: readonly string[];
}

/** A request to a provider. @property rest as the upstream's kernel takes it. */
export interface Request {
  readonly rest: string;
  readonly headers?: readonly Header[];
  /** Sent as JSON by POST; without one it is a GET. */
  readonly body?: object;
}

/** What a provider tells of a model: as in the contract, without whose it is. */
export type ModelFacts = Omit<Output<"llm/models">["models"][number], "id" | "provider">;

export type Reason = NonNullable<Output<"llm/chat">["reason"]>;

/** Whoever hears what a provider answers, in the order it comes. */
export interface Hearer {
  /** @param model as the provider names it; told once. */
  start(model: string): void;
  text(text: string): void;
  reasoning(text: string): void;
  /** A whole call; one without an id is given one. */
  toolCall(call: { readonly id?: string; readonly name: string; readonly arguments: string }): void;
  /** The last that is told counts. */
  usage(input: number | undefined, output: number | undefined): void;
  /** The answer is whole; nothing comes behind it. */
  end(reason: Reason): void;
}

/** Reads one answer, message by message. It fails where a message is an error of the provider's. */
export interface Reader {
  /** @param message one event's or one line's JSON, or its text where that is no JSON. */
  take(message: unknown): void;
  /** The provider has ended cleanly: ends the answer where that is how one ends. */
  close(): void;
}

/** One way to speak to model servers. */
export interface Dialect {
  /** Asks for JSON and answers the models, or nothing where that is not of this dialect. */
  models(get: (request: Request) => Promise<unknown>, basePath: string): Promise<readonly ModelFacts[] | undefined>;
  /** @param basePath of the provider's address. */
  chat(question: Question, basePath: string): Request;
  /** How the answer is divided: events of an event stream, or lines. */
  readonly framing: "events" | "lines";
  reader(hearer: Hearer, complain: Complain): Reader;
  /** What ends the work of a question besides closing its connection. */
  cancel?(question: Question, basePath: string): Request | undefined;
}
