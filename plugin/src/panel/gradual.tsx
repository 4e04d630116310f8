import Vide, { For, source } from "@rbxts/vide";
import { overFrames } from "../over-frames.js";

interface GradualProps {
  readonly parts: readonly (() => Vide.Node)[];
}

/** Makes its parts in their order, the first at once and the others over the next frames: all at once would be felt. */
export function Gradual({ parts }: GradualProps) {
  const made = source(1);
  Vide.cleanup(
    overFrames(() => {
      made(math.min(made() + 1, parts.size()));
      return made() === parts.size();
    }),
  );
  return <For each={() => parts.filter((_, place) => place < made())}>{(part: () => Vide.Node) => part()}</For>;
}
