import { source } from "@rbxts/vide";
import { LIMITS } from "../../../shared/protocol.js";
import type { Files } from "../bridge/files.js";
import type { Editor } from "../editor.js";
import { textIn } from "../script-text.js";
import type { Place } from "../shelf.js";
import { asUtf8, wholeCharacters } from "../utf8-text.js";
import { localProblem } from "../wire/problem.js";
import { plainName } from "./given-text.js";
import type { Given } from "./kept-turn.js";
import type { Attachment } from "./turn.js";

/** Text of one attachment, and of all that go with one question. */
const MOST_BYTES = 128 * 1024;
const ALL_BYTES = 192 * 1024;
const MOST = 32;
const MOST_PICTURES = 8;
/** Of the output: errors, and bytes of each and of all. */
const ERRORS = 20;
const ERROR_BYTES = 2048;
const OUTPUT_BYTES = 16 * 1024;

const PICTURES = ["png", "jpg", "jpeg", "gif", "webp"];

/** What goes with the next question. */
export interface Attachments {
  readonly all: () => readonly Attachment[];
  /** Reject with `nothing-to-attach` and `too-much`, and as files are read; what could be added is. */
  addSelectedScripts(): Promise<void>;
  addErrors(): Promise<void>;
  addFiles(places: readonly Place[]): Promise<void>;
  remove(attachment: Attachment): void;
  /** All there is; nothing is left. */
  take(): Given[];
  /** Whether a picture's file can still be sent. */
  isThere(picture: Given): Promise<boolean>;
}

export interface AttachmentsOptions {
  readonly files: Files;
  readonly editor: Editor;
  readonly selection: Selection;
  readonly log: LogService;
}

function isPicture(path: string): boolean {
  const ending = path.lower().match("%.(%w+)$")[0];
  return ending !== undefined && PICTURES.includes(`${ending}`);
}

export function createAttachments({ files, editor, selection, log }: AttachmentsOptions): Attachments {
  const all = source<readonly Given[]>([]);

  function add(given: Given): void {
    const others = all().filter((one) => one.kind !== given.kind || one.name !== given.name);
    let bytes = given.text?.size() ?? 0;
    for (const one of others) bytes += one.text?.size() ?? 0;
    const pictures = others.filter(({ kind }) => kind === "picture").size();
    if (
      others.size() >= MOST ||
      bytes > ALL_BYTES ||
      given.bytes > (given.kind === "picture" ? LIMITS.chatImageBytes / MOST_PICTURES : MOST_BYTES) ||
      (given.kind === "picture" && pictures >= MOST_PICTURES)
    ) {
      throw localProblem("too-much", `${given.name} is more than goes with one question.`);
    }
    all([...others, given]);
  }

  async function addFile({ root, path }: Place): Promise<void> {
    const name = `${root}/${path}`;
    const { bytes, kind } = await files.stat(root, path);
    if (kind !== "file") throw localProblem("nothing-to-attach", `${name} is no file.`);
    if (isPicture(path)) {
      add({ kind: "picture", name, bytes, root, path });
      return;
    }
    if (bytes > MOST_BYTES) throw localProblem("too-much", `${name} is more than goes with one question.`);
    const text = textIn((await files.read(root, path)).bytes);
    add({ kind: "file", name, bytes: text.size(), text });
  }

  return {
    all,
    async addSelectedScripts() {
      const scripts = selection.Get().filter((one) => one.IsA("LuaSourceContainer"));
      if (scripts.isEmpty()) throw localProblem("nothing-to-attach", "No script is selected.");
      for (const container of scripts) {
        const text = asUtf8(editor.read(container as LuaSourceContainer));
        add({ kind: "script", name: plainName(container.GetFullName()), bytes: text.size(), text });
      }
    },
    async addErrors() {
      const lines: string[] = [];
      let bytes = 0;
      const entries = log.GetLogHistory();
      for (let index = entries.size() - 1; index >= 0 && lines.size() < ERRORS; index--) {
        const { message, messageType } = entries[index];
        if (messageType !== Enum.MessageType.MessageError) continue;
        const whole = asUtf8(message);
        const line = whole.sub(1, wholeCharacters(whole, ERROR_BYTES));
        bytes += line.size() + 1;
        if (bytes > OUTPUT_BYTES) break;
        lines.unshift(line);
      }
      if (lines.isEmpty()) throw localProblem("nothing-to-attach", "The output has no errors.");
      const text = lines.join("\n");
      add({ kind: "output", name: "last errors", bytes: text.size(), text });
    },
    async addFiles(places) {
      for (const place of places) await addFile(place);
    },
    remove(attachment) {
      all(all().filter((one) => one !== attachment));
    },
    take() {
      const taken = [...all()];
      all([]);
      return taken;
    },
    async isThere({ root, path }) {
      if (root === undefined || path === undefined) return false;
      try {
        return (await files.stat(root, path)).kind === "file";
      } catch {
        return false;
      }
    },
  };
}
