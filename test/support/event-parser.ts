export interface ParsedEvent {
  readonly event: string;
  readonly data: string;
  readonly id: string;
}

/** What a reader of the HTML standard makes of a whole event stream; in comments and fields it is as strict as the standard. */
export function parseEvents(bytes: Uint8Array): ParsedEvent[] {
  const text = new TextDecoder("utf-8").decode(bytes); // Drops one byte order mark, as the standard wants.
  const lines = text.split(/\r\n|\n|\r/);
  lines.pop(); // What has no line end is not a line.
  const events: ParsedEvent[] = [];
  let data: string[] = [];
  let event = "";
  let id = "";
  for (const line of lines) {
    if (line === "") {
      if (data.length > 0) events.push({ event: event === "" ? "message" : event, data: data.join("\n"), id });
      data = [];
      event = "";
      continue;
    }
    const colon = line.indexOf(":");
    if (colon === 0) continue;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "data") data.push(value);
    else if (field === "event") event = value;
    else if (field === "id" && !value.includes("\0")) id = value;
  }
  return events;
}
