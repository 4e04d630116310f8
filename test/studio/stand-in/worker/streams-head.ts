import { type BodyReader, chunked, counted, noBody, untilTheEnd } from "./streams-body.ts";

const MAX_HEAD_BYTES = 65_536;
const END = "\r\n\r\n";

export interface ResponseHead {
  status: number;
  /** `name: value\r\n` each, as it came, one byte a character. */
  headers: string;
  /** By name in lower case; the last of a kind wins. */
  header(name: string): string | undefined;
}

/** Joins reads until an answer's head is whole, interim answers left out. Throws where it is no HTTP. */
export function headReader(): (read: Buffer) => { head: ResponseHead; rest: Buffer } | undefined {
  let bytes = Buffer.alloc(0);
  return (read) => {
    bytes = Buffer.concat([bytes, read]);
    for (;;) {
      const end = bytes.indexOf(END);
      if (end < 0) {
        if (bytes.length > MAX_HEAD_BYTES) throw new Error("the answer's head is too long");
        return undefined;
      }
      const head = parse(bytes.toString("latin1", 0, end + 2));
      bytes = bytes.subarray(end + END.length);
      if (head.status >= 200 || head.status === 101) return { head, rest: bytes };
    }
  };
}

function parse(text: string): ResponseHead {
  const [, status, headers] = /^HTTP\/1\.[01] (\d{3})[^\n]*\n(.*)$/s.exec(text) ?? [];
  if (status === undefined || headers === undefined) throw new Error("the answer is no HTTP");
  const map = new Map<string, string>();
  for (const line of headers.split("\r\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) map.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
  return { status: Number(status), headers, header: (name) => map.get(name) };
}

/** How the body that follows is framed. */
export function bodyAfter(head: ResponseHead, method: string): BodyReader {
  if (method === "HEAD" || head.status === 204 || head.status === 304) return noBody();
  if (/\bchunked\s*$/i.test(head.header("transfer-encoding") ?? "")) return chunked();
  const length = head.header("content-length");
  if (length === undefined) return untilTheEnd();
  if (!/^\d+$/.test(length)) throw new Error("the answer's length is no number");
  return counted(Number(length));
}
