import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { frameRuntime } from "../../daemon/link/frames.js";
import { DAEMON_HEADERS, STUDIO_HEADERS } from "../../shared/contract/link.js";
import { decodeFrame, encodeFrame } from "../../shared/frame.js";
import { TOP } from "../support/sources.js";

interface Vector {
  readonly says: string;
  readonly side: "studio" | "daemon";
  readonly message: string;
  readonly header?: unknown;
  readonly payload?: string;
  /** Only where it is no frame. */
  readonly wrong?: string;
}

const vectors: readonly Vector[] = JSON.parse(readFileSync(join(TOP, "test", "vectors", "frames.json"), "utf8"));
const read = (side: Vector["side"], message: Buffer) =>
  side === "studio"
    ? decodeFrame(frameRuntime, STUDIO_HEADERS, message)
    : decodeFrame(frameRuntime, DAEMON_HEADERS, message);

describe("messages of the link, on Node (the same vectors run on Luau)", () => {
  test("39 vectors", () => expect(vectors).toHaveLength(39));
  test.each(vectors)("$says", ({ side, message, header, payload, wrong }) => {
    const frame = read(side, Buffer.from(message));
    if ("wrong" in frame) expect(frame.wrong).toBe(wrong);
    else expect({ header: frame.header, payload: frame.payload.toString() }).toEqual({ header, payload });
  });

  test.each(vectors.filter(({ wrong }) => wrong === undefined))("$says, written and read again", (vector) => {
    const message = encodeFrame(JSON.stringify(vector.header), vector.payload ?? "");
    expect(read(vector.side, Buffer.from(message))).toMatchObject({ header: vector.header });
  });

  test("a payload is bytes, whatever they are", () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
    const frame = read("daemon", Buffer.concat([Buffer.from('{"t":"data","n":1,"id":"s"}\n'), bytes]));
    expect(frame).toMatchObject({ payload: bytes });
  });

  test("only the daemon refuses an unknown field", () => {
    expect(read("studio", Buffer.from('{"t":"beat","more":1}\n'))).toEqual({ wrong: "header: unknown field more" });
  });
});
