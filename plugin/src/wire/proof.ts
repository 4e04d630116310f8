/** Bytes of a block of SHA-256. */
const BLOCK = 64;

/** HMAC-SHA256 as RFC 2104 has it; the key is not longer than a block. Key, message and result are raw bytes. */
function hmac(sha256: (bytes: string) => string, key: string, message: string): string {
  const inner: string[] = [];
  const outer: string[] = [];
  for (let index = 1; index <= BLOCK; index++) {
    const byte = index <= key.size() ? key.byte(index)[0] : 0;
    inner.push(string.char(bit32.bxor(byte, 0x36)));
    outer.push(string.char(bit32.bxor(byte, 0x5c)));
  }
  return sha256(outer.join("") + sha256(inner.join("") + message));
}

function hex(bytes: string): string {
  const digits: string[] = [];
  for (let index = 1; index <= bytes.size(); index++) digits.push(string.format("%02x", bytes.byte(index)[0]));
  return digits.join("");
}

/**
 * The proof that a daemon owes for a token: it knows the SHA-256 of the token's secret, and so can key an HMAC of our
 * challenge with it. Whoever merely sits on the daemon's port cannot, and gets to see the token's id, which opens nothing.
 */
export function proofOf(encoding: EncodingService, secret: string, challenge: string): string {
  const sha256 = (bytes: string) => encoding.ComputeStringHash(bytes, Enum.HashAlgorithm.Sha256);
  return hex(hmac(sha256, sha256(secret), challenge));
}
