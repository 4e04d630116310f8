import { textSize } from "../screen/text/text-block.ts";
import type { Message } from "./messages.ts";

/** The size of a text on lines of `width` pixels: two 64-bit numbers, little-endian. */
export function textSizeOf(head: Message["head"], body: Uint8Array): Uint8Array {
  const { size, width, rich, family, weight, italic } = head as unknown as {
    size: number;
    width: number;
    rich: boolean;
    family: string;
    weight: number;
    italic: boolean;
  };
  const bounds = textSize(
    {
      text: Buffer.from(body).toString(),
      rich,
      font: { family, weight, italic },
      size,
      scaled: undefined,
      wrapped: true,
      truncate: "None",
      lineHeight: 1,
      visible: -1,
      align: { x: 0, y: 0 },
      scale: 1,
    },
    width,
  );
  const bytes = Buffer.alloc(16);
  bytes.writeDoubleLE(bounds.x, 0);
  bytes.writeDoubleLE(bounds.y, 8);
  return bytes;
}
