import { fail } from "../fail.js";
import { dial, type SocketAsk } from "./dial.js";
import { type Answer, type Ask, ask } from "./request.js";
import type { Upstream } from "./upstream.js";

/** One upstream, ready to be spoken to. */
export interface Door {
  readonly name: string;
  ask(asked: Ask): Promise<Answer>;
  dial(asked: SocketAsk): ReturnType<typeof dial>;
}

/** The only door to other servers: by name, and of these names only. */
export interface Upstreams {
  /** Fails with `no-upstream` where there is none of the name. */
  get(name: string): Door;
}

export function openUpstreams(upstreams: readonly Upstream[]): Upstreams {
  const doors = new Map(
    upstreams.map((upstream) => {
      const door: Door = {
        name: upstream.name,
        ask: (asked) => ask(upstream, asked),
        dial: (asked) => dial(upstream, asked),
      };
      return [upstream.name, door] as const;
    }),
  );
  return { get: (name) => doors.get(name) ?? fail("no-upstream", "There is no upstream of that name.") };
}
