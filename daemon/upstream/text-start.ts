import type { Readable } from "node:stream";
import { LIMITS } from "../../shared/protocol.js";

/** The start of a body as text: at most LIMITS.errorBodyBytes, and what has come within LIMITS.errorBodySeconds. Destroys the body. */
export function textStart(body: Readable): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const end = () => {
      clearTimeout(timer);
      resolve(Buffer.concat(chunks).subarray(0, LIMITS.errorBodyBytes).toString());
      body.destroy();
    };
    const timer = setTimeout(end, LIMITS.errorBodySeconds * 1000);
    body.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= LIMITS.errorBodyBytes) end();
    });
    body.once("end", end);
    // An error whose body breaks off is told with what has come of it.
    body.once("error", end);
    body.once("close", end);
  });
}
