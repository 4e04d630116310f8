/// <reference types="@rbxts/types/plugin" />
import Vide, { source } from "@rbxts/vide";
import { createBridge } from "./bridge/index.js";
import { createChat } from "./chat/chat.js";
import { createCredentials, type Settings } from "./credentials.js";
import { createDiary, describe } from "./diary.js";
import type { Document, DocumentView } from "./document.js";
import { createDocuments } from "./documents.js";
import { createEditor } from "./editor.js";
import { createFollower } from "./follower.js";
import { createKeptText } from "./kept-text.js";
import { createOpened } from "./opened.js";
import { createFinder } from "./panel/finder.js";
import { Panel } from "./panel/panel.js";
import { createPast } from "./panel/past.js";
import { createTheme } from "./panel/theme.js";
import { createTree } from "./panel/tree.js";
import { createWidget } from "./panel/widget.js";
import { createRecord } from "./recording.js";
import { createRootIds } from "./root-ids.js";
import { createSession, type SessionState } from "./session.js";
import { createShelf } from "./shelf.js";
import { createStandings } from "./standing.js";
import { createBudget } from "./wire/budget.js";
import { losesConnection } from "./wire/failure.js";
import type { LinkState } from "./wire/link.js";
import { explain, problemOf } from "./wire/problem.js";
import { createStreamClients } from "./wire/stream-clients.js";
import { createWork } from "./work.js";

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
    notice(explain(problem));
    warn(`[Puente] ${describe(problem)}`);
  });
}

const kept: Settings = {
  get(name) {
    return plugin.GetSetting(name);
  },
  set(name, value) {
    plugin.SetSetting(name, value);
  },
};
const keptText = createKeptText(kept, http, game.GetService("EncodingService"));
const credentials = createCredentials(http, kept, baked?.IsA("StringValue") === true ? baked.Value : "");
const state = source<SessionState>({ stage: "connecting", address: credentials.address(), attempt: 1 });
const views = source<ReadonlyMap<Document, DocumentView>>(new Map());

const link = source<LinkState>({ stage: "resting" });

const session = createSession({
  http,
  clients: createStreamClients(http),
  encoding: game.GetService("EncodingService"),
  budget: createBudget(os.clock),
  credentials,
  client: game.Name.size() <= 40 ? `Roblox Studio (${game.Name})` : "Roblox Studio",
  // The panel opens no stream to an upstream: it needs no scope for that.
  scopes: ["files:read", "files:write", "llm"],
  clock: os.clock,
  onChange: (entered) => {
    diary.note(entered.cause === undefined ? entered.stage : `${entered.stage}, ${describe(entered.cause)}`);
    // In a thread of its own: a fault in the panel must not end the session.
    task.spawn(() => arrive(entered));
  },
});
let linkNote = "";
session.carrier.link.watch((entered) => {
  const note = `link ${entered.stage}${entered.cause === undefined ? "" : `, ${describe(entered.cause)}`}`;
  // Every attempt in vain says the same.
  if (note !== linkNote) diary.note(note);
  linkNote = note;
  link(entered);
});
const bridge = createBridge(session.carrier);

const editor = createEditor(game.GetService("ScriptEditorService"));
const record = createRecord(history);
const rootIds = createRootIds(bridge.files);
const shelf = createShelf(game.GetService("ServerStorage"));
const documents = createDocuments(
  {
    files: bridge.files,
    editor,
    shelf,
    record,
    rootIds,
    standings: createStandings({
      shelf,
      opened: createOpened(keptText),
      rootIds,
      newName: () => http.GenerateGUID(false),
    }),
  },
  (open) => {
    views(new Map(open.map((document) => [document, document.view()] as const)));
    follower.follow(
      "documents",
      open.map((document) => document.root),
    );
  },
);

/** As the user asks for it: what went wrong before is no longer shown. */
function runAnew(task: () => Promise<void>): void {
  notice("");
  run(task);
}

const chat = createChat({ bridge, settings: keptText, editor, record, run: runAnew });
const past = createPast(bridge.files);
const follower = createFollower({
  bridge,
  onChanges: (root, changes) => {
    run(() => tree.hear(root, changes));
    run(() => documents.hear(root, changes));
    past.hear();
  },
  onDoubt: (root) => {
    run(() => tree.check(root));
    run(() => documents.check(root));
  },
});
const tree = createTree(bridge.files, (roots) => follower.follow("tree", roots));

function arrive(entered: SessionState): void {
  state(entered);
  if (entered.stage !== "online") {
    follower.offline();
    documents.leave();
    return;
  }
  follower.online();
  // Before anybody has looked at them there is no need to ask.
  if (chat.models.state() !== "resting") chat.models.refresh();
  run(async () => {
    const roots = await bridge.files.roots();
    tree.setRoots(roots);
    await documents.arrive(roots);
  });
}

const theme = createTheme(settings().Studio);
const widget = createWidget(plugin, ({ now, focusReleased }) =>
  Panel({
    theme,
    session,
    documents,
    tree,
    work: createWork(),
    finder: createFinder(bridge.files),
    past,
    chat,
    state,
    link,
    views,
    now,
    focusReleased,
    notice,
    run: runAnew,
    diagnose: () => {
      const text = diary.text(session.state(), credentials);
      print(text);
      return text;
    },
  }),
);

// Studio keeps what an unloaded plugin leaves behind: nothing may be left.
plugin.Unloading.Once(() => {
  chat.conversation.close();
  follower.offline();
  session.close();
  documents.close();
  widget.close();
  theme.close();
});
