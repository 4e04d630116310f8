import { request } from "node:http";

/** One frame of `files/stream`. */
export interface Frame {
  readonly entry?: { readonly path: string; readonly kind: string; readonly hash?: string };
  readonly payload?: number;
  readonly end?: boolean;
}

/** Calls `files/stream` and hands over each frame as it comes. Throws where the last frame is missing. */
export async function readFrames(
  url: string,
  token: string,
  input: object,
  onFrame: (frame: Frame, payload: Buffer) => void,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const call = request(`${url}/v1/files/stream`, { method: "POST", headers, agent: false }, (response) => {
    let rest: Buffer = Buffer.alloc(0);
    let isWhole = false;
    response.on("error", reject);
    response.on("data", (chunk: Buffer) => {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      let at = 0;
      for (;;) {
        const newline = rest.indexOf(10, at);
        if (newline < 0) break;
        const frame = JSON.parse(rest.toString("utf8", at, newline)) as Frame;
        const end = newline + 1 + (frame.payload ?? 0);
        if (end > rest.length) break;
        if (frame.end === true) isWhole = true;
        else onFrame(frame, rest.subarray(newline + 1, end));
        at = end;
      }
      rest = rest.subarray(at);
    });
    response.on("end", () => (isWhole ? resolve() : reject(new Error(`files/stream: ${response.statusCode} ${rest}`))));
  });
  call.on("error", reject);
  call.end(JSON.stringify(input));
  await promise;
}
