/// <reference types="@rbxts/types/plugin" />
import Vide, { source } from "@rbxts/vide";
import { createBridge } from "./bridge/index.js";
import { createCredentials } from "./credentials.js";
import { createDiary, describe } from "./diary.js";
import type { Document, DocumentView } from "./document.js";
import { createDocuments } from "./documents.js";
import { createEditor } from "./editor.js";
import { createFollower } from "./follower.js";
import { Panel } from "./panel/panel.js";
import { createTheme } from "./panel/theme.js";
import { createTree } from "./panel/tree.js";
import { createWidget } from "./panel/widget.js";
import { createRecord } from "./recording.js";
import { createSession, type SessionState } from "./session.js";
import { createShelf } from "./shelf.js";
import { createBudget } from "./wire/budget.js";
import { losesConnection } from "./wire/failure.js";
import { adviceFor, problemOf } from "./wire/problem.js";

// Vide's checks for developers run everything twice; in Studio they are on unless they are turned off.
Vide.strict = false;

const http = game.GetService("HttpService");
const history = game.GetService("ChangeHistoryService");
const baked = script.Parent?.FindFirstChild("Baked");

const diary = createDiary(() => os.time());
const notice = source("");

/** The one place where a rejection ends that nobody else takes: it is shown, noted and printed, never lost. */
function run(task: () => Promise<void>): void {
  task().catch((thrown) => {
    const problem = problemOf(thrown);
    if (problem.code === "closed-early") return;
    diary.note(describe(problem));
    // That the connection is lost, and why, the session shows already.
    if (losesConnection(problem)) return;
    notice(`${problem.detail} ${adviceFor(problem)}`);
    warn(`[Puente] ${describe(problem)}`);
  });
}

const credentials = createCredentials(
  http,
  {
    get(name) {
      return plugin.GetSetting(name);
    },
    set(name, value) {
      plugin.SetSetting(name, value);
    },
  },
  baked?.IsA("StringValue") === true ? baked.Value : "",
);
const state = source<SessionState>({ stage: "connecting", address: credentials.address(), attempt: 1 });
const views = source<ReadonlyMap<Document, DocumentView>>(new Map());

const session = createSession({
  http,
  encoding: game.GetService("EncodingService"),
  budget: createBudget(os.clock),
  credentials,
  client: game.Name.size() <= 40 ? `Roblox Studio (${game.Name})` : "Roblox Studio",
  clock: os.clock,
  onChange: (entered) => {
    diary.note(entered.cause === undefined ? entered.stage : `${entered.stage}, ${describe(entered.cause)}`);
    // In a thread of its own: a fault in the panel must not end the session.
    task.spawn(() => arrive(entered));
  },
});
const bridge = createBridge(session.caller);

let refreshing = false;
const documents = createDocuments({
  files: bridge.files,
  editor: createEditor(game.GetService("ScriptEditorService")),
  shelf: createShelf(game.GetService("ServerStorage")),
  record: createRecord(history),
  onChange: () => {
    // Once for all changes of a moment: an editor tells of every key.
    if (refreshing) return;
    refreshing = true;
    task.defer(refresh);
  },
});

let unfolded: readonly string[] = [];
const follower = createFollower({
  bridge,
  onChanges: (root, changes) => {
    run(() => tree.hear(root, changes));
    run(() => documents.hear(root, changes));
  },
  onDoubt: (root) => {
    run(() => tree.check(root));
    run(() => documents.check(root));
  },
});
const tree = createTree(bridge.files, (roots) => {
  unfolded = roots;
  follow();
});

function follow(): void {
  const roots = new Set([...unfolded, ...documents.all().map((document) => document.root)]);
  follower.follow([...roots]);
}

function refresh(): void {
  refreshing = false;
  views(new Map(documents.all().map((document) => [document, document.view()] as const)));
  follow();
}

function arrive(entered: SessionState): void {
  const arrives = entered.stage === "online";
  state(entered);
  if (!arrives) {
    follower.offline();
    return;
  }
  follower.online();
  run(async () => {
    tree.setRoots(await bridge.files.roots());
    await documents.adopt();
  });
}

const theme = createTheme(settings().Studio);
const widget = createWidget(plugin, (now) =>
  Panel({
    theme,
    session,
    documents,
    tree,
    state,
    views,
    now,
    notice,
    run: (task) => {
      notice("");
      run(task);
    },
    diagnose: () => {
      const text = diary.text(session.state(), credentials);
      print(text);
      return text;
    },
  }),
);

// Studio keeps what an unloaded plugin leaves behind: nothing may be left.
plugin.Unloading.Once(() => {
  follower.close();
  session.close();
  documents.close();
  widget.close();
  theme.close();
});
