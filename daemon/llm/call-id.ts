import { randomBytes } from "node:crypto";

/** The provider's id of a call of a tool where it can be told, and otherwise one of ours: whoever answers the call names it by this one. */
export function callIdOf(given = ""): string {
  const isFit = given !== "" && given.isWellFormed() && Buffer.byteLength(given) <= 256;
  return isFit ? given : `call-${randomBytes(8).toString("hex")}`;
}
