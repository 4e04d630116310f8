import Vide, { For, Show, source } from "@rbxts/vide";
import { type Hunk, merged } from "../line-diff.js";
import { overFrames } from "../over-frames.js";
import { Bar } from "./bar.js";
import { Button } from "./button.js";
import type { Compared } from "./compared.js";
import { HunkView } from "./hunk-view.js";
import { Label } from "./label.js";
import { Section } from "./section.js";
import type { Ui } from "./ui.js";

/** Hunks that are shown at first, and that are added at a time. */
const PAGE_HUNKS = 20;

interface VersionsProps {
  readonly ui: Ui;
  readonly order: number;
  readonly compared: () => Compared | undefined;
  readonly run: (task: () => Promise<void>) => void;
  readonly onDone: () => void;
}

/** One version on the left and the other on the right, wherever they differ, and the choice between them. */
export function Versions({ ui, order, compared, run, onDone }: VersionsProps) {
  const now = Vide.untrack(compared) as Compared;
  const { mine, theirs, hunks } = now;
  /** Of those where theirs is chosen. */
  const chosen = source<ReadonlySet<Hunk>>(new Set(now.first === "theirs" ? hunks : []));
  const shown = source(1);
  const wanted = source(PAGE_HUNKS);
  // A hunk is as many objects as a dozen rows.
  Vide.effect(() => {
    const last = math.min(wanted(), hunks.size());
    const growing = overFrames(() => {
      shown(math.clamp(last, 1, shown() + 1));
      return shown() >= last;
    });
    Vide.cleanup(growing);
  });

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
    const text = merged(mine.lines, theirs.lines, hunks, (hunk) => chosen().has(hunk));
    onDone();
    run(() => now.take(text));
  }

  const places = hunks.size() === 1 ? "1 place" : `${hunks.size()} places`;
  const sides = `${mine.called} on the left, ${theirs.called} on the right, in ${places}.`;
  return (
    <Section
      ui={ui}
      order={order}
      title="Both versions"
      action={<Button ui={ui} order={1} rank="quiet" text="Back" onClick={onDone} />}
    >
      <Label ui={ui} order={1} text={now.title} />
      <Label
        ui={ui}
        order={2}
        tone="dim"
        text={hunks.isEmpty() ? "Both say the same." : `${sides.sub(1, 1).upper()}${sides.sub(2)}`}
      />
      <Bar order={3}>
        <Button ui={ui} order={1} rank="primary" text="Use what is chosen" onClick={take} />
        <Button ui={ui} order={2} text={`Choose all of ${mine.called}`} onClick={() => choose(hunks, false)} />
        <Button ui={ui} order={3} text={`Choose all of ${theirs.called}`} onClick={() => choose(hunks, true)} />
      </Bar>
      <Label ui={ui} order={4} tone="dim" text={now.note} />
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
