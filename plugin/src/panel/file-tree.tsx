import Vide, { Show } from "@rbxts/vide";
import { command } from "../command.js";
import type { SessionState } from "../session.js";
import { Bar } from "./bar.js";
import { Button } from "./button.js";
import { Column } from "./column.js";
import { isExtending, isToggling } from "./held.js";
import { Inset } from "./inset.js";
import { Label } from "./label.js";
import { Rows } from "./rows.js";
import type { Selection } from "./selection.js";
import type { Tree } from "./tree.js";
import type { Node, TreeRow } from "./tree-node.js";
import { treeRow } from "./tree-row.js";
import type { Ui } from "./ui.js";

interface FileTreeProps {
  readonly ui: Ui;
  readonly order: number;
  readonly state: () => SessionState;
  readonly tree: Tree;
  readonly selection: Selection;
  readonly onToggle: (node: Node) => void;
  readonly onOpen: (nodes: readonly Node[]) => void;
}

const EMPTY = {
  connecting: "Files show here once this Studio is connected.",
  unpaired: "Pair with this machine to see its files here.",
  pairing: "Files show here once you have approved the code.",
  online: `The daemon serves no folder. Start it with \`${command("serve FOLDER")}\`.`,
  away: "Files show here once the daemon answers.",
} as const satisfies { readonly [stage in SessionState["stage"]]: string };

/** Left folds, or leads to the folder above; right unfolds, or leads to the first row inside. */
function sideways(rows: readonly TreeRow[], place: number, isRight: boolean, fold: (node: Node) => void) {
  const { node, look, depth, isUnfolded } = rows[place];
  // What was done to it a moment ago does not show yet.
  if (node.isUnfolded !== isUnfolded && look === "folder") return undefined;
  if (isRight) {
    if (look === "folder" && !isUnfolded) fold(node);
    return look === "folder" && isUnfolded ? place + 1 : undefined;
  }
  if (isUnfolded) {
    fold(node);
    return undefined;
  }
  let above = place;
  while (above > 0 && rows[above].depth >= depth) above -= 1;
  return above;
}

/** The folders and files, and what can be done with those that are selected. */
export function FileTree({ ui, order, state, tree, selection, onToggle, onOpen }: FileTreeProps) {
  const count = () => selection.nodes().size();

  function activate({ node, look }: TreeRow, input: InputObject): void {
    if (look === "folder") onToggle(node);
    else if (look !== "file" || !(isToggling(input) || isExtending(input))) onOpen([node]);
    else if (isExtending(input)) selection.extend(node, tree.rows());
    else selection.toggle(node);
  }

  return (
    <Column name="Tree" order={order} gap={0}>
      <Show when={() => tree.rows().isEmpty()}>
        {() => (
          <Inset order={1}>
            <Label ui={ui} order={1} tone="dim" text={() => EMPTY[state().stage]} />
          </Inset>
        )}
      </Show>
      <Show when={() => count() > 0}>
        {() => (
          <Inset order={2}>
            <Label ui={ui} order={1} text={() => (count() === 1 ? "1 file selected" : `${count()} files selected`)} />
            <Bar order={2}>
              <Button
                ui={ui}
                order={1}
                rank="primary"
                text="Open all"
                onClick={() => {
                  const nodes: Node[] = [];
                  for (const node of selection.nodes()) nodes.push(node);
                  selection.clear();
                  onOpen(nodes);
                }}
              />
              <Button ui={ui} order={2} text="Select none" onClick={() => selection.clear()} />
            </Bar>
          </Inset>
        )}
      </Show>
      <Rows
        ui={ui}
        name="TreeRows"
        order={3}
        rows={tree.rows}
        keyOf={({ node, look, text }: TreeRow) => (look === "remark" || look === "warning" ? text : node)}
        nameOf={({ text }: TreeRow) => text}
        isStop={({ look }: TreeRow) => look !== "remark" && look !== "warning"}
        isSelected={({ node }: TreeRow) => selection.nodes().has(node)}
        onActivate={activate}
        onSideways={(_row, place, isRight) => sideways(tree.rows(), place, isRight, onToggle)}
      >
        {treeRow}
      </Rows>
    </Column>
  );
}
