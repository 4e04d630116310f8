import { createHash } from "node:crypto";

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** What Luau asks to have computed at once, on bytes; nothing where the bytes are not of the encoding. */
export function encoded(work: string, bytes: Uint8Array): Uint8Array | undefined {
  const given = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (work === "base64") return Buffer.from(given.toString("base64"), "latin1");
  if (work !== "unbase64") return createHash(work).update(given).digest();
  const text = given.toString("latin1");
  return text.length % 4 === 0 && BASE64.test(text) ? Buffer.from(text, "base64") : undefined;
}
