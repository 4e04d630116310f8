// npm run bench -- start | tree | watch | write | ui | demo | link | relay | luau | search | panel | llm: each prints a table, with the ratio to a rival measured in the same run.
import { benchDemo } from "./demo.ts";
import { benchLargeTree } from "./large-tree.ts";
import { benchLink } from "./link.ts";
import { benchLlm } from "./llm.ts";
import { benchLlmStudio } from "./llm-studio.ts";
import { benchLuau } from "./luau.ts";
import { benchPanel } from "./panel.ts";
import { benchRelay } from "./relay.ts";
import { benchSearch } from "./search.ts";
import { benchStart } from "./start.ts";
import { benchTree } from "./tree.ts";
import { benchUi } from "./ui.ts";
import { benchWatch } from "./watch.ts";
import { benchWrite } from "./write.ts";

const BENCHES = new Map([
  ["start", benchStart],
  [
    "tree",
    async () => {
      await benchTree();
      await benchLargeTree();
    },
  ],
  ["watch", benchWatch],
  ["write", benchWrite],
  ["ui", benchUi],
  ["demo", benchDemo],
  ["link", benchLink],
  ["relay", benchRelay],
  ["luau", benchLuau],
  ["search", benchSearch],
  ["panel", benchPanel],
  [
    "llm",
    async () => {
      await benchLlm();
      await benchLlmStudio();
    },
  ],
]);

const names = process.argv.length > 2 ? process.argv.slice(2) : [...BENCHES.keys()];
for (const name of names) {
  const bench = BENCHES.get(name);
  if (bench === undefined) {
    console.error(`bench: there is no bench ${name}; there are ${[...BENCHES.keys()].join(", ")}`);
    process.exit(1);
  }
  await bench();
}
