import { connect, type Socket } from "node:net";
import { within } from "./deadline.ts";

export interface RawAnswer {
  /** 0 where the connection ended without an answer. */
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
  readonly text: string;
}

function parse(text: string): RawAnswer {
  const [head = "", ...rest] = text.split("\r\n\r\n");
  const [statusLine = "", ...lines] = head.split("\r\n");
  const headers = new Map(
    lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
    }),
  );
  return { status: Number(statusLine.split(" ")[1] ?? 0), headers, body: rest.join("\r\n\r\n"), text };
}

function isWhole(text: string): boolean {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return false;
  const length = /content-length: (\d+)/i.exec(text.slice(0, end))?.[1];
  return length !== undefined && Buffer.byteLength(text.slice(end + 4)) >= Number(length);
}

/** Sends bytes as they are to 127.0.0.1 and answers the first answer, or what came until the connection ended. */
export async function raw(port: number, request: string | Buffer, seconds = 15): Promise<RawAnswer> {
  let socket: Socket | undefined;
  const answered = new Promise<RawAnswer>((resolve, reject) => {
    let text = "";
    socket = connect(port, "127.0.0.1", () => socket?.write(request));
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
      if (isWhole(text)) resolve(parse(text));
    });
    socket.on("close", () => resolve(parse(text)));
    socket.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ECONNRESET" || error.code === "EPIPE") resolve(parse(text));
      else reject(error);
    });
  });
  try {
    return await within(seconds, `an answer to ${JSON.stringify(request.toString().slice(0, 80))}`, answered);
  } finally {
    socket?.destroy();
  }
}

/** A request's text: the line, the headers given, and a body with its length where there is one. */
export function requestText(line: string, headers: readonly (readonly [string, string])[], body = ""): string {
  const all = body === "" ? headers : [...headers, ["content-length", `${Buffer.byteLength(body)}`] as const];
  return `${line} HTTP/1.1\r\n${all.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n${body}`;
}
