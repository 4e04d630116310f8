import Vide, { For, Show } from "@rbxts/vide";
import { command } from "../command.js";
import type { SessionState } from "../session.js";
import { Button } from "./button.js";
import { Label } from "./label.js";
import { Section } from "./section.js";
import { SIZE } from "./theme.js";
import type { Node, Tree } from "./tree.js";
import { leftOf, TreeRow } from "./tree-row.js";
import type { Ui } from "./ui.js";

interface BranchProps {
  readonly ui: Ui;
  readonly tree: Tree;
  readonly node: Node;
  readonly order: () => number;
  readonly onToggle: (node: Node) => void;
  readonly onOpen: (node: Node) => void;
}

/** After the rows of a folder comes what there is to say of it. */
const AFTER_ROWS = 100_000;

function Branch(props: BranchProps): Vide.Node {
  const { ui, tree, node, order, onToggle, onOpen } = props;
  // Under the names of the rows, right of their marks.
  const indent = leftOf(node.depth + 1) + SIZE.row - SIZE.tight;
  const shown = () => {
    const rows: Node[] = [];
    for (const child of node.children() ?? []) {
      if (rows.size() === node.rows()) break;
      rows.push(child);
    }
    return rows;
  };
  const hidden = () => (node.children()?.size() ?? 0) - shown().size();
  const isEmpty = () => node.children()?.isEmpty() === true;
  return (
    <frame
      Name="Branch"
      LayoutOrder={order}
      BackgroundTransparency={1}
      Size={new UDim2(1, 0, 0, 0)}
      AutomaticSize={Enum.AutomaticSize.Y}
    >
      <uilistlayout SortOrder={Enum.SortOrder.LayoutOrder} />
      <TreeRow ui={ui} node={node} onClick={() => (node.kind === "folder" ? onToggle(node) : onOpen(node))} />
      <Show when={() => node.kind === "folder" && node.expanded()}>
        {() => (
          <frame
            Name="Content"
            LayoutOrder={1}
            BackgroundTransparency={1}
            Size={new UDim2(1, 0, 0, 0)}
            AutomaticSize={Enum.AutomaticSize.Y}
          >
            <uilistlayout SortOrder={Enum.SortOrder.LayoutOrder} />
            <For each={shown}>
              {(child: Node, index: () => number) => <Branch {...props} node={child} order={index} />}
            </For>
            <Remark ui={ui} order={AFTER_ROWS} indent={indent} tone="warning" text={() => node.problem() ?? ""} />
            <Remark
              ui={ui}
              order={AFTER_ROWS + 1}
              indent={indent}
              text={() => (isEmpty() ? "This folder is empty." : "")}
            />
            <Remark
              ui={ui}
              order={AFTER_ROWS + 2}
              indent={indent}
              text={() => (isEmpty() ? "Put a file into it on the disk, and it shows here." : "")}
            />
            <Show when={() => hidden() > 0}>
              {() => (
                <frame
                  Name="More"
                  LayoutOrder={AFTER_ROWS + 3}
                  BackgroundTransparency={1}
                  Size={new UDim2(1, 0, 0, SIZE.control + SIZE.gap)}
                >
                  <uipadding PaddingLeft={new UDim(0, indent)} PaddingTop={new UDim(0, SIZE.tight)} />
                  <Button
                    ui={ui}
                    order={1}
                    text={() => `Show more (${hidden()})`}
                    onClick={() => tree.showMore(node)}
                  />
                </frame>
              )}
            </Show>
          </frame>
        )}
      </Show>
    </frame>
  );
}

interface RemarkProps {
  readonly ui: Ui;
  readonly order: number;
  readonly indent: number;
  readonly tone?: "dim" | "warning";
  readonly text: () => string;
}

/** A sentence among the rows. */
function Remark({ ui, order, indent, tone = "dim", text }: RemarkProps) {
  return (
    <frame
      Name="Remark"
      LayoutOrder={order}
      BackgroundTransparency={1}
      Visible={() => text() !== ""}
      Size={new UDim2(1, 0, 0, 0)}
      AutomaticSize={Enum.AutomaticSize.Y}
    >
      <uipadding
        PaddingLeft={new UDim(0, indent)}
        PaddingRight={new UDim(0, SIZE.inset)}
        PaddingTop={new UDim(0, SIZE.tight)}
        PaddingBottom={new UDim(0, SIZE.tight)}
      />
      <Label ui={ui} order={1} tone={tone} text={text} />
    </frame>
  );
}

interface FileTreeProps {
  readonly ui: Ui;
  readonly order: number;
  readonly state: () => SessionState;
  readonly tree: Tree;
  readonly onToggle: (node: Node) => void;
  readonly onOpen: (node: Node) => void;
  /** At the right end of the heading. */
  readonly action: Vide.Node;
}

const EMPTY = {
  connecting: "Files show here once this Studio is connected.",
  unpaired: "Pair with this machine to see its files here.",
  pairing: "Files show here once you have approved the code.",
  online: `The daemon serves no folder. Start it with \`${command("serve FOLDER")}\`.`,
  away: "Files show here once the daemon answers.",
} as const satisfies { readonly [stage in SessionState["stage"]]: string };

/** A folder shows 200 rows and more on request: simpler than a list that moves its rows, and as light. */
export function FileTree({ ui, order, state, tree, onToggle, onOpen, action }: FileTreeProps) {
  return (
    <Section ui={ui} order={order} title="Files" edge="full" action={action}>
      <Remark ui={ui} order={0} indent={SIZE.inset} text={() => (tree.roots().isEmpty() ? EMPTY[state().stage] : "")} />
      <For each={tree.roots}>
        {(node: Node, index: () => number) => (
          <Branch ui={ui} tree={tree} node={node} order={index} onToggle={onToggle} onOpen={onOpen} />
        )}
      </For>
    </Section>
  );
}
