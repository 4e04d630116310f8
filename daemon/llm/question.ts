import { randomUUID } from "node:crypto";
import type { Input } from "../../shared/contract/index.js";
import { fail } from "../fail.js";
import type { Picture, Question, Said, Tool } from "./dialect.js";
import { jsonOf, recordOf } from "./loose.js";

export type ChatInput = Input<"llm/chat">;
type Message = ChatInput["messages"][number];

/** Reads the pictures of a message. */
export type ReadPictures = (images: readonly { readonly root: string; readonly path: string }[]) => Promise<Picture[]>;

/** An empty table of Luau is both a list and an object. */
function itemsOf<Item>(list: readonly Item[] | undefined): readonly Item[] {
  return Array.isArray(list) ? list : [];
}

export function hasImages({ messages }: ChatInput): boolean {
  return itemsOf(messages).some(({ images }) => itemsOf(images).length > 0);
}

function checkMessage({ role, text, images, toolCalls, callId }: Message, at: string): void {
  const refuse = (why: string): never => fail("invalid-input", `${at}: ${why}`, { at });
  if (role !== "user" && itemsOf(images).length > 0) refuse("only what the user says has images");
  if (role !== "assistant" && itemsOf(toolCalls).length > 0) refuse("only the assistant calls tools");
  if (role === "tool" ? callId === undefined : callId !== undefined) refuse("callId goes with the role tool");
  const isSaid = text !== undefined || itemsOf(images).length > 0 || itemsOf(toolCalls).length > 0;
  if (!isSaid) refuse("text is missing");
}

/** What a model wrote and is no object would be refused by many a server when it is told again. */
function objectText(written: string): string {
  return recordOf(jsonOf(written)) === undefined ? "{}" : written;
}

function toolsOf(input: ChatInput): Tool[] {
  const tools = itemsOf(input.tools).map(({ name, description, parameters }, index) => {
    const at = `tools[${index}]`;
    if (name === "") fail("invalid-input", `${at}: name is empty`, { at });
    const given = Array.isArray(parameters) && parameters.length === 0 ? {} : recordOf(parameters);
    if (given === undefined)
      return fail("invalid-input", `${at}: parameters must be a JSON Schema of an object`, { at });
    return { name, description, parameters: { type: "object", ...given } };
  });
  if (new Set(tools.map(({ name }) => name)).size < tools.length) {
    fail("invalid-input", "tools: two of them have one name", { at: "tools" });
  }
  return tools;
}

/** Checks what the schema cannot, and answers what is left to be done: to read the pictures. */
export function questionOf(input: ChatInput, model: string): (read: ReadPictures) => Promise<Question> {
  const messages = itemsOf(input.messages);
  if (messages.length === 0) fail("invalid-input", "messages: there is none", { at: "messages" });
  for (const [index, message] of messages.entries()) checkMessage(message, `messages[${index}]`);
  const tools = toolsOf(input);
  const calls = new Map(
    messages.flatMap(({ toolCalls }) => itemsOf(toolCalls).map(({ id, name }) => [id, name] as const)),
  );

  async function saidBy(
    { role, text = "", images, toolCalls, callId = "" }: Message,
    read: ReadPictures,
  ): Promise<Said> {
    switch (role) {
      case "system":
        return { role, text };
      case "user":
        return { role, text, images: await read(itemsOf(images)) };
      case "assistant":
        return {
          role,
          text,
          toolCalls: itemsOf(toolCalls).map((call) => ({ ...call, arguments: objectText(call.arguments) })),
        };
      case "tool":
        return { role, text, callId, name: calls.get(callId) ?? callId };
    }
  }

  return async (read) => {
    const said: Said[] = [];
    for (const message of messages) said.push(await saidBy(message, read));
    return {
      id: randomUUID(),
      model,
      messages: said,
      tools,
      ...(input.temperature !== undefined && { temperature: input.temperature }),
      ...(input.maxTokens !== undefined && { maxTokens: input.maxTokens }),
      stop: itemsOf(input.stop),
    };
  };
}
