/**
 * What a Studio that surfaces payloads would hand over of an event stream: each event's data, its lines joined, without
 * names, ids and comments. Bytes are characters here (latin1), so that no character is cut.
 */
export function payloadsOf(message: (bytes: Uint8Array) => void): (read: Uint8Array) => void {
  let rest = "";
  let data: string[] = [];
  return (read) => {
    const lines = (rest + Buffer.from(read).toString("latin1")).split("\n");
    rest = lines.pop() ?? "";
    for (const ended of lines) {
      const line = ended.replace(/\r$/, "");
      if (line.startsWith("data:")) data.push(line.slice("data:".length).replace(/^ /, ""));
      else if (line === "" && data.length > 0) {
        message(Buffer.from(data.join("\n"), "latin1"));
        data = [];
      }
    }
  };
}
