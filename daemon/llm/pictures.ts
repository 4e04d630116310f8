import { LIMITS } from "../../shared/protocol.js";
import { fail } from "../fail.js";
import type { Picture } from "./dialect.js";
import type { ReadPictures } from "./question.js";

/** Reads at most so many bytes of a file of a root. */
export type ReadFile = (root: string, path: string, bytes: number, signal: AbortSignal) => Promise<Uint8Array>;

/** What a file is by its first bytes, whatever it is called. */
function typeOf(bytes: Buffer): string | undefined {
  const start = bytes.toString("latin1", 0, 12);
  if (start.startsWith("\x89PNG\r\n\x1a\n")) return "image/png";
  if (start.startsWith("\xff\xd8\xff")) return "image/jpeg";
  if (/^GIF8[79]a/.test(start)) return "image/gif";
  return /^RIFF[\s\S]{4}WEBP/.test(start) ? "image/webp" : undefined;
}

/** Reads the pictures of one chat, all of them together no more than LIMITS.chatImageBytes. */
export function pictureReader(readFile: ReadFile, signal: AbortSignal): ReadPictures {
  let left: number = LIMITS.chatImageBytes;
  return async (images) => {
    const pictures: Picture[] = [];
    for (const { root, path } of images) {
      const bytes = Buffer.from(await readFile(root, path, left + 1, signal));
      left -= bytes.length;
      if (left < 0) fail("too-large", `The images are larger than ${LIMITS.chatImageBytes} bytes.`, { at: path });
      const type = typeOf(bytes);
      if (type === undefined) return fail("invalid-input", "This is no PNG, JPEG, GIF or WebP.", { at: path });
      pictures.push({ type, base64: bytes.toString("base64") });
    }
    return pictures;
  };
}
