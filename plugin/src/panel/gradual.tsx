import Vide, { For, source } from "@rbxts/vide";

interface GradualProps {
  readonly parts: readonly (() => Vide.Node)[];
}

/** Makes its parts in their order, one a frame: all at once would be felt. */
export function Gradual({ parts }: GradualProps) {
  const made = source(1);
  const making = task.spawn(() => {
    while (made() < parts.size()) {
      task.wait();
      made(made() + 1);
    }
  });
  Vide.cleanup(making);
  return <For each={() => parts.filter((_, place) => place < made())}>{(part: () => Vide.Node) => part()}</For>;
}
