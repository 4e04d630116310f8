import Vide from "@rbxts/vide";
import type { Document, DocumentView } from "../document.js";
import type { Documents } from "../documents.js";
import type { Session, SessionState } from "../session.js";
import { Connection } from "./connection.js";
import { FileTree } from "./file-tree.js";
import { OpenFiles } from "./open-files.js";
import { Pairing } from "./pairing.js";
import { SIZE, type Theme } from "./theme.js";
import type { Tree } from "./tree.js";

export interface PanelProps {
  readonly theme: Theme;
  readonly session: Session;
  readonly documents: Documents;
  readonly tree: Tree;
  readonly state: () => SessionState;
  readonly views: () => ReadonlyMap<Document, DocumentView>;
  readonly now: () => number;
  readonly notice: () => string;
  readonly diagnose: () => string;
  /** Runs what the user asked for; its failure becomes the notice. */
  readonly run: (task: () => Promise<void>) => void;
}

/** All that the dock widget shows. It knows session, tree and documents, and nothing of plugin or wire. */
export function Panel({ theme, session, documents, tree, state, views, now, notice, diagnose, run }: PanelProps) {
  return (
    <scrollingframe
      Name="Puente"
      BackgroundColor3={theme.background}
      BorderSizePixel={0}
      Size={UDim2.fromScale(1, 1)}
      CanvasSize={new UDim2()}
      AutomaticCanvasSize={Enum.AutomaticSize.Y}
      ScrollingDirection={Enum.ScrollingDirection.Y}
      ScrollBarThickness={SIZE.scrollBar}
    >
      <uipadding
        PaddingLeft={new UDim(0, SIZE.inset)}
        PaddingRight={new UDim(0, SIZE.inset)}
        PaddingTop={new UDim(0, SIZE.inset)}
        PaddingBottom={new UDim(0, SIZE.inset)}
      />
      <uilistlayout Padding={new UDim(0, SIZE.gap)} SortOrder={Enum.SortOrder.LayoutOrder} />
      <Connection
        theme={theme}
        order={1}
        state={state}
        now={now}
        notice={notice}
        session={session}
        diagnose={diagnose}
      />
      <Pairing theme={theme} order={2} state={state} now={now} session={session} />
      <FileTree
        theme={theme}
        order={3}
        state={state}
        tree={tree}
        onToggle={(node) => run(() => tree.toggle(node))}
        onOpen={(node) => run(() => documents.open({ root: node.root, path: node.path }))}
      />
      <OpenFiles
        theme={theme}
        order={4}
        all={() => documents.all()}
        views={views}
        onShut={(document) => documents.shut(document)}
        run={run}
      />
    </scrollingframe>
  );
}
