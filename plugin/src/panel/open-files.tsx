import Vide, { For, Show } from "@rbxts/vide";
import type { Document, DocumentView } from "../document.js";
import type { Place } from "../shelf.js";
import { Button } from "./button.js";
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
  readonly onSeeBoth: (document: Document) => Promise<void>;
  readonly onSaveAll: () => Promise<void>;
  readonly run: (task: () => Promise<void>) => void;
}

export function OpenFiles({ ui, order, documents, latest, views, onShut, onSeeBoth, onSaveAll, run }: OpenFilesProps) {
  const edited = () =>
    documents()
      .filter((document) => views().get(document)?.state === "edited")
      .size();
  const isSeveral = Vide.derive(() => edited() > 1);
  const saveAll = (
    <Show when={isSeveral}>
      {() => (
        <Button ui={ui} order={1} rank="quiet" text={() => `Save all (${edited()})`} onClick={() => run(onSaveAll)} />
      )}
    </Show>
  );
  return (
    <Section ui={ui} order={order} title="Open files" action={saveAll}>
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
            onSeeBoth={() => onSeeBoth(document)}
            run={run}
          />
        )}
      </For>
    </Section>
  );
}
