/** What crosses to Luau and back: a JSON head and raw bytes behind it. */
export interface Message {
  head: { kind: string; [field: string]: unknown };
  body?: Uint8Array;
}

const NEWLINE = 10;

export function encode({ head, body }: Message): Uint8Array {
  const line = Buffer.from(`${JSON.stringify(head)}\n`);
  return body === undefined ? line : Buffer.concat([line, body]);
}

/** Joins slices again; answers a message with the last of its slices. */
export function joiner(): (slice: Uint8Array, last: boolean) => Message | undefined {
  let slices: Uint8Array[] = [];
  return (slice, last) => {
    slices.push(slice);
    if (!last) return undefined;
    const bytes = Buffer.concat(slices);
    slices = [];
    const end = bytes.indexOf(NEWLINE);
    return { head: JSON.parse(bytes.toString("utf8", 0, end)) as Message["head"], body: bytes.subarray(end + 1) };
  };
}
