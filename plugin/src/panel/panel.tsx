import Vide, { Show, source } from "@rbxts/vide";
import type { Document, DocumentView } from "../document.js";
import type { Documents } from "../documents.js";
import type { Session, SessionState } from "../session.js";
import type { Place } from "../shelf.js";
import type { LinkState } from "../wire/link.js";
import { Button } from "./button.js";
import { Connection } from "./connection.js";
import { FileTree } from "./file-tree.js";
import { createKeyboard } from "./keyboard.js";
import { Notice } from "./notice.js";
import { OpenFiles } from "./open-files.js";
import { Pairing } from "./pairing.js";
import { Panes } from "./panes.js";
import { Streams } from "./streams.js";
import type { Theme } from "./theme.js";
import type { Tree } from "./tree.js";
import type { Ui } from "./ui.js";

export interface PanelProps {
  readonly theme: Theme;
  readonly session: Session;
  readonly documents: Documents;
  readonly tree: Tree;
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

/** All that the dock widget shows. It knows session, tree and documents, and nothing of plugin or wire. */
export function Panel(props: PanelProps) {
  const { theme, session, documents, tree, state, views, now, notice, run } = props;
  const tab = source<"files" | "streams">("files");
  const ui: Ui = { theme, keyboard: createKeyboard() };
  Vide.cleanup(props.focusReleased.Connect(() => ui.keyboard.rest()));
  /** The file that was clicked last. */
  const latest = source<Place | undefined>(undefined);
  const open = () => {
    const shown = views();
    return documents.all().filter((document) => shown.has(document));
  };
  return (
    <Panes
      ui={ui}
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
        <Show when={() => tab() === "files"}>
          {() => (
            <FileTree
              ui={ui}
              order={3}
              state={state}
              tree={tree}
              onToggle={(node) => run(() => tree.toggle(node))}
              onOpen={({ root, path }) =>
                run(async () => {
                  await documents.open({ root, path });
                  latest({ root, path });
                })
              }
              action={<Button ui={ui} order={1} rank="quiet" text="Streams" onClick={() => tab("streams")} />}
            />
          )}
        </Show>,
        <Show when={() => tab() === "streams"}>
          {() => (
            <Streams
              ui={ui}
              order={3}
              state={state}
              now={now}
              carrier={session.carrier}
              action={<Button ui={ui} order={1} rank="quiet" text="Files" onClick={() => tab("files")} />}
            />
          )}
        </Show>,
      ]}
      lower={[
        <Notice ui={ui} order={1} text={notice} />,
        <Show when={() => !tree.roots().isEmpty() || !open().isEmpty()}>
          {() => (
            <OpenFiles
              ui={ui}
              order={2}
              documents={open}
              latest={latest}
              views={views}
              onShut={(document) => documents.shut(document)}
              run={run}
            />
          )}
        </Show>,
      ]}
    />
  );
}
