import type { Bridge } from "../bridge/index.js";
import type { Editor } from "../editor.js";
import type { KeptText } from "../kept-text.js";
import type { Record } from "../recording.js";
import { createAttachments } from "./attachments.js";
import { createCodeActions } from "./code-actions.js";
import { createConversation, type OwnConversation } from "./conversation.js";
import { createPropose } from "./edits.js";
import { createFileTools } from "./file-tools.js";
import { createHistory } from "./history.js";
import { createModels } from "./models.js";
import { createScriptTools } from "./script-tools.js";
import { createToolbox } from "./toolbox.js";
import type { CodeActions, Models } from "./turn.js";

/** Bytes of the name of a place that has no number that become the name of its setting. */
const NAME_BYTES = 80;

/** What the chat tab works with. */
export interface Chat {
  readonly conversation: OwnConversation;
  readonly models: Models;
  readonly codeActions: CodeActions;
}

export interface ChatOptions {
  readonly bridge: Bridge;
  readonly settings: KeptText;
  readonly editor: Editor;
  readonly record: Record;
  readonly run: (task: () => Promise<void>) => void;
}

/** A place by its number, or by its name while it has none: letters and digits. */
function placeKey(): string {
  if (game.PlaceId !== 0) return `${game.PlaceId}`;
  return `n${game.Name.sub(1, NAME_BYTES).gsub("[^%w]", (character: string) => string.format("_%02x", character.byte(1)[0]))[0]}`;
}

/** Puts the chat together. */
export function createChat({ bridge, settings, editor, record, run }: ChatOptions): Chat {
  const http = game.GetService("HttpService");
  const selection = game.GetService("Selection");
  const scripts = createScriptTools(game, editor);
  const { files } = bridge;
  const conversation = createConversation({
    models: bridge.models,
    attachments: createAttachments({ files, editor, selection, log: game.GetService("LogService") }),
    toolbox: createToolbox({
      http,
      files: createFileTools(files),
      scripts,
      propose: createPropose({ files, editor, record, findScript: (name) => scripts.find(name) }),
    }),
    historyOf: (turns) =>
      createHistory({
        kept: settings,
        http,
        place: placeKey(),
        turns,
        now: () => os.time(),
      }),
    run,
    clock: os.clock,
  });
  return {
    conversation,
    models: createModels(bridge.models, settings),
    codeActions: createCodeActions({
      studio: game.GetService("StudioService"),
      service: game.GetService("ScriptEditorService"),
      editor,
      record,
      selection,
      home: game.GetService("ServerScriptService"),
    }),
  };
}
