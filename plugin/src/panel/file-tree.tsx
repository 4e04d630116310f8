import Vide, { For, Show } from "@rbxts/vide";
import { command } from "../command.js";
import type { SessionState } from "../session.js";
import { Button } from "./button.js";
import { Label } from "./label.js";
import { Section } from "./section.js";
import type { Theme } from "./theme.js";
import type { Node, Tree } from "./tree.js";
import { TreeRow } from "./tree-row.js";

interface BranchProps {
  readonly theme: Theme;
  readonly tree: Tree;
  readonly node: Node;
  readonly order: () => number;
  readonly onToggle: (node: Node) => void;
  readonly onOpen: (node: Node) => void;
}

function Branch(props: BranchProps): Vide.Node {
  const { theme, tree, node, order, onToggle, onOpen } = props;
  const shown = () => {
    const rows: Node[] = [];
    for (const child of node.children() ?? []) {
      if (rows.size() === node.rows()) break;
      rows.push(child);
    }
    return rows;
  };
  const hidden = () => (node.children()?.size() ?? 0) - shown().size();
  return (
    <frame
      Name="Branch"
      LayoutOrder={order}
      BackgroundTransparency={1}
      Size={new UDim2(1, 0, 0, 0)}
      AutomaticSize={Enum.AutomaticSize.Y}
    >
      <uilistlayout SortOrder={Enum.SortOrder.LayoutOrder} />
      <TreeRow theme={theme} node={node} onClick={() => (node.kind === "folder" ? onToggle(node) : onOpen(node))} />
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
            <Label theme={theme} order={100_000} tone="warning" text={() => node.problem() ?? ""} />
            <Label
              theme={theme}
              order={100_001}
              tone="dim"
              text={() => (node.children()?.isEmpty() === true ? "This folder is empty." : "")}
            />
            <Show when={() => hidden() > 0}>
              {() => (
                <Button
                  theme={theme}
                  order={100_002}
                  text={() => `Show more (${hidden()})`}
                  onClick={() => tree.showMore(node)}
                />
              )}
            </Show>
          </frame>
        )}
      </Show>
    </frame>
  );
}

interface FileTreeProps {
  readonly theme: Theme;
  readonly order: number;
  readonly state: () => SessionState;
  readonly tree: Tree;
  readonly onToggle: (node: Node) => void;
  readonly onOpen: (node: Node) => void;
}

function emptyText(stage: SessionState["stage"]): string {
  if (stage === "online") return `The daemon serves no folder. Start it with \`${command("serve FOLDER")}\`.`;
  return "Files show here once this Studio is connected.";
}

/** A folder shows 200 rows and more on request: simpler than a list that moves its rows, and as light. */
export function FileTree({ theme, order, state, tree, onToggle, onOpen }: FileTreeProps) {
  return (
    <Section theme={theme} order={order} title="Files">
      <Label theme={theme} order={0} tone="dim" text={() => (tree.roots().isEmpty() ? emptyText(state().stage) : "")} />
      <For each={tree.roots}>
        {(node: Node, index: () => number) => (
          <Branch theme={theme} tree={tree} node={node} order={index} onToggle={onToggle} onOpen={onOpen} />
        )}
      </For>
    </Section>
  );
}
