import { type Look, type Span, TAGS } from "./look.ts";

const ESCAPES: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };
const COMMENT = /<!--[\s\S]*?-->/y;
const BREAK = /<br\s*\/>/y;
const CLOSING = /<\/\s*([a-z]+)\s*>/y;
const OPENING = /<([a-z]+)((?:\s+[a-z]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*>/y;
const ATTRIBUTE = /([a-z]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const PLAIN = /[^<]+/y;

/**
 * Reads Roblox's rich text. Markup that is not well formed (an unknown tag, one that is not closed or closed in another
 * order, an attribute without sense) is shown as it was written.
 */
export function parseRichText(markup: string, look: Look): Span[] {
  return parse(markup, look) ?? [{ text: markup, look }];
}

function parse(markup: string, outer: Look): Span[] | undefined {
  const spans: Span[] = [];
  const open: { readonly tag: string; readonly around: Look }[] = [];
  let look = outer;
  let at = 0;
  const read = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(markup) ?? undefined;
    if (found !== undefined) at = pattern.lastIndex;
    return found;
  };
  while (at < markup.length) {
    const plain = read(PLAIN);
    if (plain !== undefined) {
      spans.push({ text: decode(plain[0]), look });
    } else if (read(BREAK) !== undefined) {
      spans.push({ text: "\n", look });
    } else if (read(COMMENT) === undefined) {
      const closing = read(CLOSING);
      if (closing !== undefined) {
        const last = open.pop();
        if (last === undefined || last.tag !== closing[1]) return undefined;
        look = last.around;
        continue;
      }
      const [, tag, attributes] = read(OPENING) ?? [];
      if (tag === undefined) return undefined;
      const inner = TAGS[tag]?.(look, attributesOf(attributes ?? ""));
      if (inner === undefined) return undefined;
      open.push({ tag, around: look });
      look = inner;
    }
  }
  return open.length === 0 ? spans : undefined;
}

function attributesOf(text: string): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  for (const [, name, double, single] of text.matchAll(ATTRIBUTE))
    if (name !== undefined) attributes.set(name, decode(double ?? single ?? ""));
  return attributes;
}

function decode(text: string): string {
  return text.includes("&") ? text.replace(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => ESCAPES[name] ?? "") : text;
}
