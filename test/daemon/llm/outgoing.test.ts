import { expect, test } from "vitest";
import { createOutgoing } from "../../../daemon/llm/outgoing.js";
import { within } from "../../support/deadline.js";

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Reads as the link does: asks when there may be something, and takes one message at a turn. */
async function readAll(body: NodeJS.ReadableStream): Promise<string[]> {
  const told: string[] = [];
  let failure: Error | undefined;
  let isOver = false;
  body.on("readable", () => undefined);
  body.on("error", (error: Error) => {
    failure = error;
  });
  body.on("end", () => {
    isOver = true;
  });
  const reading = async () => {
    while (!isOver && failure === undefined) {
      const message: unknown = body.read();
      if (message !== null) told.push(String(message));
      await turn();
    }
  };
  await within(5, "the end", reading());
  return failure === undefined ? told : [...told, failure.message];
}

/** Reads all that comes, as soon as it comes. */
async function pourAll(body: NodeJS.ReadableStream): Promise<string[]> {
  const told: string[] = [];
  const over = new Promise<void>((resolve) => {
    body.on("data", (message: unknown) => told.push(String(message)));
    body.on("error", (error: Error) => {
      told.push(error.message);
      resolve();
    });
    body.on("end", resolve);
  });
  await within(5, "the end", over);
  return told;
}

test.each([undefined, new Error("the end")])(
  "everything is read before the end, and before a failure: %s",
  async (error) => {
    for (const read of [readAll, pourAll]) {
      for (const isEarly of [true, false]) {
        const outgoing = createOutgoing();
        const early = isEarly ? read(outgoing.body) : undefined;
        await turn();
        outgoing.put({ type: "start", model: "m" });
        outgoing.put({ type: "text", text: "a" });
        outgoing.flush();
        outgoing.put({ type: "end", reason: "stop" });
        outgoing.end(error);
        outgoing.put({ type: "text", text: "too late" });
        await turn();
        expect(await (early ?? read(outgoing.body))).toEqual([
          '{"type":"start","model":"m"}',
          '{"type":"text","text":"a"}',
          '{"type":"end","reason":"stop"}',
          ...(error === undefined ? [] : ["the end"]),
        ]);
      }
    }
  },
);

test("texts of a kind that wait are one message, and of loading the last is told", async () => {
  const outgoing = createOutgoing();
  const put = (type: "text" | "reasoning", ...texts: string[]) => {
    for (const text of texts) outgoing.put({ type, text });
  };
  outgoing.put({ type: "loading", seconds: 2 });
  outgoing.put({ type: "loading", seconds: 4 });
  put("reasoning", "a", "b");
  put("text", "c", "d");
  outgoing.put({ type: "tool-call", id: "1", name: "n", arguments: "{}" });
  put("text", "e");
  outgoing.end();
  expect(await readAll(outgoing.body)).toEqual([
    '{"type":"loading","seconds":4}',
    '{"type":"reasoning","text":"ab"}',
    '{"type":"text","text":"cd"}',
    '{"type":"tool-call","id":"1","name":"n","arguments":"{}"}',
    '{"type":"text","text":"e"}',
  ]);
});

test("it is full at 64 KiB, and says so once there is room again", async () => {
  const outgoing = createOutgoing();
  let rooms = 0;
  outgoing.onRoom(() => {
    rooms += 1;
  });
  for (let at = 0; at < 8; at += 1) outgoing.put({ type: "text", text: "x".repeat(16 * 1024) });
  expect(outgoing.isFull()).toBe(true);
  outgoing.end();
  const told = await readAll(outgoing.body);
  expect(rooms).toBe(1);
  expect(told).toHaveLength(8);
  expect(outgoing.isFull()).toBe(false);
});
