import Vide, { For, Show, source } from "@rbxts/vide";
import type { Both, Document } from "../document.js";
import { differences, type Hunk, linesIn, merged } from "../line-diff.js";
import { Bar } from "./bar.js";
import { Button } from "./button.js";
import { HunkView } from "./hunk-view.js";
import { Label } from "./label.js";
import { Section } from "./section.js";
import type { Ui } from "./ui.js";

/** Hunks that are shown at first, and that are added at a time. */
const PAGE_HUNKS = 20;

/** Two versions of a file and where they differ. */
export interface Compared {
  readonly document: Document;
  readonly both: Both;
  readonly mine: readonly string[];
  readonly theirs: readonly string[];
  readonly hunks: readonly Hunk[];
}

/** Compares a frame's work at a time. */
export async function compare(document: Document, both: Both): Promise<Compared> {
  const [mine, theirs] = [linesIn(both.mine), linesIn(both.theirs)];
  return { document, both, mine, theirs, hunks: differences(mine, theirs, () => task.wait()) };
}

interface VersionsProps {
  readonly ui: Ui;
  readonly order: number;
  readonly compared: () => Compared | undefined;
  readonly run: (task: () => Promise<void>) => void;
  readonly onDone: () => void;
}

/** The editor's version on the left and the disk's on the right, wherever they differ, and the choice between them. */
export function Versions({ ui, order, compared, run, onDone }: VersionsProps) {
  const now = Vide.untrack(compared) as Compared;
  const { document, both, mine, theirs, hunks } = now;
  /** Of those where the disk's is chosen. */
  const chosen = source<ReadonlySet<Hunk>>(new Set());
  const shown = source(1);
  const wanted = source(PAGE_HUNKS);
  // One a frame: a hunk is as many objects as a dozen rows.
  const growing = task.spawn(() => {
    while (true) {
      if (shown() < math.min(wanted(), hunks.size())) shown(shown() + 1);
      task.wait();
    }
  });
  Vide.cleanup(growing);

  function choose(of: readonly Hunk[], isTheirs: boolean): void {
    const after = new Set<Hunk>();
    for (const hunk of chosen()) after.add(hunk);
    for (const hunk of of) {
      if (isTheirs) after.add(hunk);
      else after.delete(hunk);
    }
    chosen(after);
  }

  function take(): void {
    const text = merged(mine, theirs, hunks, (hunk) => chosen().has(hunk));
    onDone();
    run(() => document.settle(both, text));
  }

  const places = () => (hunks.size() === 1 ? "1 place" : `${hunks.size()} places`);
  return (
    <Section
      ui={ui}
      order={order}
      title="Both versions"
      action={<Button ui={ui} order={1} rank="quiet" text="Back" onClick={onDone} />}
    >
      <Label ui={ui} order={1} text={`${document.root}/${document.path}`} />
      <Label
        ui={ui}
        order={2}
        tone="dim"
        text={hunks.isEmpty() ? "Both say the same." : `Studio's on the left, the disk's on the right, in ${places()}.`}
      />
      <Bar order={3}>
        <Button ui={ui} order={1} rank="primary" text="Use what is chosen" onClick={take} />
        <Button ui={ui} order={2} text="Choose all of Studio's" onClick={() => choose(hunks, false)} />
        <Button ui={ui} order={3} text="Choose all of the disk's" onClick={() => choose(hunks, true)} />
      </Bar>
      <Label ui={ui} order={4} tone="dim" text="It goes into the editor. Save it there when it is right." />
      <For each={() => hunks.filter((_, place) => place < shown())}>
        {(hunk: Hunk, place: () => number) => (
          <HunkView
            ui={ui}
            order={() => 5 + place()}
            hunk={hunk}
            mine={mine}
            theirs={theirs}
            isTheirs={() => chosen().has(hunk)}
            onChoose={(isTheirs) => choose([hunk], isTheirs)}
          />
        )}
      </For>
      <Show when={() => hunks.size() > wanted()}>
        {() => (
          <Button
            ui={ui}
            order={100_000}
            text={() => `Show more (${hunks.size() - wanted()})`}
            onClick={() => wanted(wanted() + PAGE_HUNKS)}
          />
        )}
      </Show>
    </Section>
  );
}
