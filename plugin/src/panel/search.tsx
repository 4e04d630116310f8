import Vide, { Show, source } from "@rbxts/vide";
import type { SearchQuery } from "../bridge/search.js";
import type { SessionState } from "../session.js";
import { Bar } from "./bar.js";
import { Button } from "./button.js";
import { Column } from "./column.js";
import { Field } from "./field.js";
import type { Finder, FinderView, FoundRow } from "./finder.js";
import { foundRow } from "./found-row.js";
import { Gradual } from "./gradual.js";
import { Inset } from "./inset.js";
import { Label } from "./label.js";
import { Rows } from "./rows.js";
import type { Ui } from "./ui.js";

interface SearchProps {
  readonly ui: Ui;
  readonly order: number;
  readonly state: () => SessionState;
  readonly finder: Finder;
  /** Opens a file at a match, or, of a file found by its name, at its beginning. */
  readonly onJump: (row: FoundRow) => void;
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

function summary({ stage, files, matches, outcome }: FinderView): string {
  if (stage === "resting" || stage === "failed") return "";
  const found =
    files === 0
      ? "Nothing found"
      : matches === 0
        ? counted(files, "file", "files")
        : `${counted(matches, "match", "matches")} in ${counted(files, "file", "files")}`;
  if (stage === "searching") return files === 0 ? "Searching…" : `Searching… ${found} so far`;
  if (stage === "cancelled") return `Cancelled: ${found} until then`;
  return outcome?.more === true ? `${found}, and there are more` : found;
}

/** What the search could not look into. */
function leftOut({ outcome }: FinderView): string {
  const lines: string[] = [];
  if (outcome !== undefined && outcome.notText > 0)
    lines.push(`${counted(outcome.notText, "file is", "files are")} not text.`);
  for (const { root, path } of outcome?.tooSlow ?? []) lines.push(`${root}/${path} took too long.`);
  return lines.join("\n");
}

function listOf(globs: string): string[] {
  return globs
    .split(",")
    .map((glob) => glob.match("^%s*(.-)%s*$")[0] as string)
    .filter((glob) => glob !== "");
}

/** A box for what is searched, how, and what was found: rows by file, each leading to its line. */
export function Search({ ui, order, state, finder, onJump }: SearchProps) {
  const pattern = source("");
  const include = source("");
  const isRegex = source(false);
  const isExact = source(false);
  const isWord = source(false);
  const isOnline = () => state().stage === "online";
  const isSearching = () => finder.view().stage === "searching";

  function start(): void {
    if (pattern() === "" || !isOnline()) return;
    const globs = listOf(include());
    const query: SearchQuery = {
      pattern: pattern(),
      kind: isRegex() ? "regex" : "literal",
      ignoreCase: !isExact(),
      wholeWord: isWord(),
      include: globs.isEmpty() ? undefined : globs,
    };
    finder.start(query);
  }

  const option = (place: number, text: string, value: Vide.Source<boolean>) => (
    <Button
      ui={ui}
      order={place}
      text={() => (value() ? `✓ ${text}` : text)}
      rank={() => (value() ? "primary" : "secondary")}
      onClick={() => value(!value())}
    />
  );

  const field = (name: string, place: number, value: Vide.Source<string>, placeholder: string) => (
    <Field
      ui={ui}
      name={name}
      order={place}
      text={value}
      placeholder={placeholder}
      onLeave={(text, isEntered) => {
        value(text);
        if (isEntered) start();
      }}
    />
  );

  // In the order of their use, not of their places: whoever has typed a pattern wants Search before the options.
  const form = [
    () => field("Pattern", 1, pattern, "Search in files"),
    () => field("Include", 2, include, "Only in, such as *.luau"),
    () => (
      <Bar order={4}>
        <Button ui={ui} order={1} rank="primary" text="Search" isEnabled={isOnline} onClick={start} />
        <Show when={isSearching}>
          {() => <Button ui={ui} order={2} text="Cancel search" onClick={() => finder.cancel()} />}
        </Show>
      </Bar>
    ),
    () => (
      <Bar order={3}>
        <Gradual
          parts={[
            () => option(1, "Match case", isExact),
            () => option(2, "Whole word", isWord),
            () => option(3, "Regex", isRegex),
          ]}
        />
      </Bar>
    ),
    () => <Label ui={ui} order={5} text={() => summary(finder.view())} />,
    () => <Label ui={ui} order={6} tone="warning" text={() => finder.view().trouble ?? ""} />,
    () => <Label ui={ui} order={7} tone="dim" text={() => leftOut(finder.view())} />,
  ];

  return (
    <Column name="Search" order={order} gap={0}>
      <Inset order={1}>
        <Gradual parts={form} />
      </Inset>
      <Rows
        ui={ui}
        name="FoundRows"
        order={2}
        rows={finder.rows}
        keyOf={(row: FoundRow) => (row.match === undefined ? row.group : row)}
        nameOf={({ group, match }: FoundRow) => (match === undefined ? group.path : `${group.path}:${match.line}`)}
        onActivate={(row) => {
          if (row.match === undefined && row.count > 0) finder.fold(row.group);
          else onJump(row);
        }}
        onSideways={(row, place, isRight) => {
          const { group, match } = row;
          if (match !== undefined) return isRight ? undefined : finder.rows().indexOf(group.head);
          if (group.isFolded === isRight) finder.fold(group);
          else if (isRight && row.count > 0) return place + 1;
          return undefined;
        }}
      >
        {foundRow}
      </Rows>
    </Column>
  );
}
