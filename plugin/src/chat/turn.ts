/** A part of an answer: what is between two code fences, cut where it grows long, so that only the last one ever changes. */
export interface Piece {
  readonly kind: "text" | "code" | "reasoning";
  /** Of code: what follows the opening fence; empty where nothing does. */
  readonly language?: string;
  readonly text: () => string;
  /** Whether more may come. */
  readonly isOpen: () => boolean;
  /** Of code: whether it goes on with the code of a piece before, of which it was cut off. */
  readonly goesOn?: boolean;
  /** Of code: all of its block, as far as it has come. No source; to be asked when it is wanted. */
  readonly whole?: () => string;
}

/** What the user has given with a question, as it is shown: its name, and the size of its text in bytes. */
export interface Attachment {
  readonly kind: "script" | "file" | "output" | "picture";
  readonly name: string;
  readonly bytes: number;
}

/** What a model has asked for, and what became of it. */
export interface ToolUse {
  readonly name: string;
  /** What it is asked of, for a person: a path, a script's name, a pattern. */
  readonly subject: string;
  /** `proposed`: an edit that waits for the user. */
  readonly state: () => "running" | "done" | "failed" | "proposed" | "accepted" | "refused";
  /** Why it failed. */
  readonly detail: () => string;
  /** Of an edit: both texts. */
  readonly edit?: { readonly target: string; readonly before: string; readonly after: string };
  accept?(): void;
  refuse?(): void;
}

/** One thing said in a conversation: a question, or an answer, which grows while it comes. */
export interface Turn {
  readonly role: "user" | "assistant";
  /** Of an answer: who gave it. */
  readonly model?: string;
  readonly attachments: readonly Attachment[];
  readonly pieces: () => readonly Piece[];
  readonly tools: () => readonly ToolUse[];
  readonly state: () => "loading" | "streaming" | "done" | "stopped" | "failed";
  /** Seconds since the question was put, while nothing has come. */
  readonly waiting: () => number;
  /** What went wrong, and what to do. */
  readonly trouble: () => string;
  /** Seconds to the first token, and tokens a second, as far as known. */
  readonly pace: () => { readonly firstSeconds?: number; readonly perSecond?: number; readonly tokens?: number };
}

/** What the chat tab shows and drives. Everything that can be read is a source of Vide's. */
export interface Conversation {
  readonly turns: () => readonly Turn[];
  readonly isBusy: () => boolean;
  /** What goes with the next question. */
  readonly attachments: () => readonly Attachment[];
  /** Whether the model may use tools in this conversation; off at first. */
  readonly mayUseTools: () => boolean;
  allowTools(isAllowed: boolean): void;
  attachSelectedScripts(): void;
  attachErrors(): void;
  attachFiles(places: readonly { readonly root: string; readonly path: string }[]): void;
  detach(attachment: Attachment): void;
  ask(text: string, model: string): void;
  stop(): void;
  /** Asks the last question again. */
  retry(model: string): void;
  /** Begins anew; what was said goes. */
  clear(): void;
}

/** A model to choose from. */
export interface ModelChoice {
  readonly id: string;
  readonly name: string;
  readonly provider: string;
  readonly isRunning: boolean;
}

/** The models there are, and what is the matter where there are none. */
export interface Models {
  readonly all: () => readonly ModelChoice[];
  readonly chosen: () => string | undefined;
  readonly state: () => "resting" | "asking" | "known" | "failed";
  /** A line for each provider that is not ready, or why nothing is known, and what to do. */
  readonly troubles: () => readonly string[];
  choose(id: string): void;
  /** Looks for models anew. */
  refresh(): void;
}

/** A script before and after a change that is not made yet. */
interface Comparison {
  /** The script's full name. */
  readonly target: string;
  readonly before: string;
  readonly after: string;
  /** Puts a text that was made of both into the script, unless that has changed since. */
  apply(text: string): Promise<void>;
}

/** What can be done with a piece of code; each is one recording of the change history. */
export interface CodeActions {
  insertAtCursor(code: string): Promise<void>;
  replaceSelection(code: string): Promise<void>;
  newScript(code: string, language: string): Promise<void>;
  /**
   * The text of the script that is active in the editor, and that text with the code in it: in place of what is
   * selected, or of all where nothing is. Rejects with `no-script` where none is active.
   */
  compareWith(code: string): Promise<Comparison>;
}
