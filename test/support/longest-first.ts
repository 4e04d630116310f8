import { BaseSequencer, type TestSpecification } from "vitest/node";

/** What takes longest, by waiting or by working: begun last, each would go on alone while the rest of the machine rests. */
const LONGEST = [
  "studio/link-chaos",
  "daemon/files/kill",
  "daemon/relay/stalled-socket",
  "daemon/relay/slow-message",
  "daemon/relay/upload",
  "studio/link-life",
  "studio/link-normal",
  "daemon/http/slow",
  "studio/plugin-session",
  "studio/plugin-files",
  "daemon/relay/slow-socket",
  "studio/stand-in-misbehaving",
  "studio/stand-in-streams-switches",
  "demo/demo",
  "daemon/link/resume",
  "daemon/files/race",
];

/** Those in processes of their own come before all: where one comes between others, their common process ends. */
const rankOf = ({ moduleId, project }: TestSpecification) => {
  if (project.config.isolate) return -1;
  const rank = LONGEST.findIndex((name) => moduleId.endsWith(`test/${name}.test.ts`));
  return rank < 0 ? LONGEST.length : rank;
};

/** The order in which Vitest begins the files. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((one, other) => rankOf(one) - rankOf(other));
  }
}
