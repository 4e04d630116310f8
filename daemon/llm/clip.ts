/** A text as far as so many bytes of it surely go. */
export function clip(text: string, bytes: number): string {
  const whole = text.toWellFormed();
  return Buffer.byteLength(whole) <= bytes ? whole : whole.slice(0, Math.floor(bytes / 3)).toWellFormed();
}
