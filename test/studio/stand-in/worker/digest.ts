import { createHash } from "node:crypto";

/** The digest of `bytes` as base64, so that it can be Luau's answer. */
export function digest(algorithm: string, bytes: Uint8Array): string {
  return createHash(algorithm).update(bytes).digest("base64");
}
