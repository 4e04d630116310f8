import { onTestFinished } from "vitest";
import type { Input, Output } from "../../shared/contract/index.js";
import type { Problem } from "../../shared/problem.js";
import { startDaemon, type TestDaemon } from "./daemon.js";
import { within } from "./deadline.js";
import { createLinkClient, type LinkClient } from "./link-client.js";

export type ChatEvent = Output<"llm/chat">;
export type ChatInput = Input<"llm/chat">;

/** A daemon for as long as the test runs. */
export async function daemonOf(...given: Parameters<typeof startDaemon>): Promise<TestDaemon> {
  const daemon = await startDaemon(...given);
  onTestFinished(() => daemon.close());
  return daemon;
}

/** A question of one sentence. */
export function ask(model: string, more: Partial<ChatInput> = {}): ChatInput {
  return { model, messages: [{ role: "user", text: "hello" }], ...more };
}

export interface Heard {
  readonly events: ChatEvent[];
  readonly problem?: Problem;
}

/** A link for as long as the test runs. */
export async function linkTo(
  daemon: Pick<TestDaemon, "port" | "token">,
  more: Partial<Parameters<typeof createLinkClient>[0]> = {},
): Promise<LinkClient> {
  const link = createLinkClient({ port: daemon.port, token: daemon.token, ...more });
  onTestFinished(() => link.close());
  await link.connect();
  return link;
}

/** A chat over the link, to its end. */
export async function chatOver(link: LinkClient, input: ChatInput, seconds = 20): Promise<Heard> {
  const events: ChatEvent[] = [];
  const stream = link.open("llm/chat", input, { onMessage: (message) => events.push(JSON.parse(message.toString())) });
  const { problem } = await within(seconds, "the end of the chat", stream.over);
  return { events, ...(problem && { problem }) };
}
