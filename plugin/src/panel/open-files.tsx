import Vide, { For } from "@rbxts/vide";
import type { Document, DocumentView } from "../document.js";
import type { Place } from "../shelf.js";
import { Label } from "./label.js";
import { OpenFile } from "./open-file.js";
import { Section } from "./section.js";
import type { Ui } from "./ui.js";

interface OpenFilesProps {
  readonly ui: Ui;
  readonly order: number;
  /** Those that are shown, in their order. */
  readonly documents: () => readonly Document[];
  /** The one that was asked for last: it is scrolled to. */
  readonly latest: () => Place | undefined;
  readonly views: () => ReadonlyMap<Document, DocumentView>;
  readonly onShut: (document: Document) => Promise<void>;
  readonly run: (task: () => Promise<void>) => void;
}

export function OpenFiles({ ui, order, documents, latest, views, onShut, run }: OpenFilesProps) {
  return (
    <Section ui={ui} order={order} title="Open files">
      <Label
        ui={ui}
        order={0}
        tone="dim"
        text={() => (documents().isEmpty() ? "Click a file above to open it as a script." : "")}
      />
      <For each={documents}>
        {(document: Document, index: () => number) => (
          <OpenFile
            ui={ui}
            order={() => index()}
            document={document}
            isLatest={() => latest()?.root === document.root && latest()?.path === document.path}
            view={() => views().get(document) ?? document.view()}
            onShut={() => run(() => onShut(document))}
            run={run}
          />
        )}
      </For>
    </Section>
  );
}
