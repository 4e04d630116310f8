import { createHash, hash } from "node:crypto";

/** SHA-256 in hex of bytes that are all there. */
export function hashOf(bytes: Uint8Array): string {
  return hash("sha256", bytes, "hex");
}

/** SHA-256 in hex of bytes that come in pieces. */
export function createDigest(): { add(bytes: Uint8Array): void; hex(): string } {
  const digest = createHash("sha256");
  return {
    add(bytes) {
      digest.update(bytes);
    },
    hex: () => digest.digest("hex"),
  };
}

export function isHash(text: string): boolean {
  return /^[0-9a-f]{64}$/u.test(text);
}
