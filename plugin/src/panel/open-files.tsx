import Vide, { For } from "@rbxts/vide";
import type { Document, DocumentView } from "../document.js";
import { Label } from "./label.js";
import { OpenFile } from "./open-file.js";
import { Section } from "./section.js";
import type { Theme } from "./theme.js";

interface OpenFilesProps {
  readonly theme: Theme;
  readonly order: number;
  /** In the order in which they are shown. */
  readonly all: () => readonly Document[];
  readonly views: () => ReadonlyMap<Document, DocumentView>;
  readonly onShut: (document: Document) => Promise<void>;
  readonly run: (task: () => Promise<void>) => void;
}

export function OpenFiles({ theme, order, all, views, onShut, run }: OpenFilesProps) {
  const documents = () => {
    const shown = views();
    return all().filter((document) => shown.has(document));
  };
  return (
    <Section theme={theme} order={order} title="Open files">
      <Label
        theme={theme}
        order={0}
        tone="dim"
        text={() => (documents().isEmpty() ? "Click a file above to open it as a script." : "")}
      />
      <For each={documents}>
        {(document: Document, index: () => number) => (
          <OpenFile
            theme={theme}
            order={index}
            document={document}
            view={() => views().get(document) ?? document.view()}
            onShut={() => run(() => onShut(document))}
            run={run}
          />
        )}
      </For>
    </Section>
  );
}
