/** Whether bytes are UTF-8. */
export function isUtf8(bytes: string): boolean {
  return typeIs(utf8.len(bytes)[0], "number");
}

/** Whether they go through Studio as they are: UTF-8, and no NUL, at which some text ends. */
export function isPlainText(bytes: string): boolean {
  return isUtf8(bytes) && bytes.find("\0", 1, true)[0] === undefined;
}
