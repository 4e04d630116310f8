import Vide, { Show, source } from "@rbxts/vide";
import type { Chat } from "../chat/chat.js";
import type { Document, DocumentView } from "../document.js";
import type { Documents } from "../documents.js";
import type { Session, SessionState } from "../session.js";
import type { Place } from "../shelf.js";
import type { LinkState } from "../wire/link.js";
import type { Work } from "../work.js";
import { Composer } from "./chat-composer.js";
import { createChatMemory } from "./chat-memory.js";
import { ChatTurns } from "./chat-turns.js";
import { type Compared, compareCode, compareVersions } from "./compared.js";
import { Connection } from "./connection.js";
import { FileTree } from "./file-tree.js";
import type { Finder, FoundRow } from "./finder.js";
import { History } from "./history.js";
import { createKeyboard } from "./keyboard.js";
import { Notice } from "./notice.js";
import { OpenFiles } from "./open-files.js";
import { Pairing } from "./pairing.js";
import { Panes } from "./panes.js";
import type { Past } from "./past.js";
import { Progress } from "./progress.js";
import { Search } from "./search.js";
import { createSelection } from "./selection.js";
import { Streams } from "./streams.js";
import { Tabs } from "./tabs.js";
import type { Theme } from "./theme.js";
import type { Tree } from "./tree.js";
import type { Ui } from "./ui.js";
import { Versions } from "./versions.js";

export interface PanelProps {
  readonly theme: Theme;
  readonly session: Session;
  readonly documents: Documents;
  readonly tree: Tree;
  readonly work: Work;
  readonly finder: Finder;
  readonly past: Past;
  readonly chat: Chat;
  readonly state: () => SessionState;
  readonly link: () => LinkState;
  readonly views: () => ReadonlyMap<Document, DocumentView>;
  readonly now: () => number;
  readonly focusReleased: RBXScriptSignal<() => void>;
  /** What went wrong outside the connection. */
  readonly notice: () => string;
  readonly diagnose: () => string;
  /** Runs what the user asked for; its failure becomes the notice. */
  readonly run: (task: () => Promise<void>) => void;
}

const TABS = ["Files", "Search", "History", "Chat", "Streams"] as const;

/** All that the dock widget shows. It knows session, tree and documents, and nothing of plugin or wire. */
export function Panel(props: PanelProps) {
  const { theme, session, documents, tree, work, finder, past, chat, state, views, now, notice, run } = props;
  const tab = source<(typeof TABS)[number]>("Files");
  const selection = createSelection();
  const memory = createChatMemory();
  /** The two versions that are looked at, in place of what the tab shows. */
  const comparing = source<Compared | undefined>(undefined);
  const shown = () => (comparing() === undefined ? tab() : undefined);
  const ui: Ui = { theme, keyboard: createKeyboard() };
  Vide.cleanup(props.focusReleased.Connect(() => ui.keyboard.rest()));
  /** The file that was clicked last. */
  const latest = source<Place | undefined>(undefined);
  const openNow = () => {
    const shown = views();
    return documents.all().filter((document) => shown.has(document));
  };
  async function openOne({ root, path }: Place): Promise<void> {
    await documents.open({ root, path });
    latest({ root, path });
  }
  const jump = ({ group, match }: FoundRow) =>
    run(async () => {
      await documents.open(group, match ?? { line: 1, column: 1 });
      latest(group);
    });
  const open = (places: readonly Place[]) =>
    run(() => (places.size() === 1 ? openOne(places[0]) : work.run("Opening files", places, openOne)));
  return (
    <Panes
      ui={ui}
      head={
        <Show when={() => comparing() === undefined}>
          {() => <Tabs ui={ui} order={1} names={TABS} current={tab} onChoose={tab} />}
        </Show>
      }
      upper={[
        <Connection
          ui={ui}
          order={1}
          state={state}
          now={now}
          session={session}
          link={props.link}
          diagnose={props.diagnose}
        />,
        <Pairing ui={ui} order={2} state={state} now={now} session={session} />,
        <Show when={() => comparing() !== undefined}>
          {() => <Versions ui={ui} order={3} compared={comparing} run={run} onDone={() => comparing(undefined)} />}
        </Show>,
        <Show when={() => shown() === "Files"}>
          {() => (
            <FileTree
              ui={ui}
              order={4}
              state={state}
              tree={tree}
              selection={selection}
              onToggle={(node) => run(() => tree.toggle(node))}
              onOpen={open}
            />
          )}
        </Show>,
        <Show when={() => shown() === "Search"}>
          {() => <Search ui={ui} order={4} state={state} finder={finder} onJump={jump} />}
        </Show>,
        <Show when={() => shown() === "History"}>
          {() => <History ui={ui} order={4} state={state} now={now} past={past} run={run} />}
        </Show>,
        <Show when={() => shown() === "Chat"}>
          {() => (
            <ChatTurns
              ui={ui}
              order={4}
              state={state}
              now={now}
              chat={chat}
              memory={memory}
              onCompare={async (code) => {
                comparing(await compareCode(chat.codeActions, code));
              }}
              run={run}
            />
          )}
        </Show>,
        <Show when={() => shown() === "Streams"}>
          {() => <Streams ui={ui} order={4} state={state} now={now} carrier={session.carrier} />}
        </Show>,
      ]}
      lower={[
        <Notice ui={ui} order={1} text={notice} />,
        <Progress ui={ui} order={2} work={work} />,
        <Show when={() => tab() === "Chat"}>
          {() => (
            <Composer
              ui={ui}
              order={3}
              state={state}
              chat={chat}
              memory={memory}
              selected={() => {
                const nodes: Place[] = [];
                for (const node of selection.nodes()) nodes.push(node);
                return nodes;
              }}
            />
          )}
        </Show>,
        <Show when={() => tab() !== "Chat" && (!tree.rows().isEmpty() || !openNow().isEmpty())}>
          {() => (
            <OpenFiles
              ui={ui}
              order={3}
              documents={openNow}
              latest={latest}
              views={views}
              onShut={(document) => documents.shut(document)}
              onSeeBoth={async (document) => {
                const both = await document.seeBoth();
                if (both !== undefined) comparing(await compareVersions(document, both));
              }}
              onSaveAll={() => documents.saveAll()}
              run={run}
            />
          )}
        </Show>,
      ]}
    />
  );
}
