/** What crosses to Luau and back: a JSON head and raw bytes behind it. */
export interface Message {
  head: { kind: string; [field: string]: unknown };
  body?: Uint8Array;
}

const SLICE_BYTES = 45_000; // 60,000 characters of base64
const NEWLINE = 10;
const NOTHING = new Uint8Array();

/** Base64 slices of `head \n body`, each led by `+` (more follows) or `.` (the last one). */
export function* chunksOf({ head, body = NOTHING }: Message): Generator<string> {
  const bytes = Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), body]);
  for (let at = 0; at < bytes.length; at += SLICE_BYTES) {
    const last = at + SLICE_BYTES >= bytes.length;
    yield (last ? "." : "+") + bytes.toString("base64", at, at + SLICE_BYTES);
  }
}

/** Joins slices again; answers a message with the last of its slices. */
export function joiner(): (chunk: string) => Message | undefined {
  let slices: Buffer[] = [];
  return (chunk) => {
    slices.push(Buffer.from(chunk.slice(1), "base64"));
    if (chunk.startsWith("+")) return undefined;
    const bytes = Buffer.concat(slices);
    slices = [];
    const end = bytes.indexOf(NEWLINE);
    return { head: JSON.parse(bytes.toString("utf8", 0, end)) as Message["head"], body: bytes.subarray(end + 1) };
  };
}
