/** Text as its bytes, known to be UTF-8: an answer's string that is never decoded on its way from the disk to the wire. */
export class Utf8 {
  readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  toString(): string {
    return this.bytes.toString("utf8");
  }
}
