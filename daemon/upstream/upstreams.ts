import { fail } from "../fail.js";
import { dial, type SocketAsk } from "./dial.js";
import { type Answer, type Ask, ask } from "./request.js";
import { type DialectName, isLoopback, portOf, type Upstream } from "./upstream.js";

/** One upstream, ready to be spoken to. */
export interface Door {
  readonly name: string;
  readonly dialect?: DialectName;
  /** The path of its address, which every `rest` is below. */
  readonly basePath: string;
  /** Its port, where it is on this machine. */
  readonly loopbackPort?: number;
  readonly firstByteMs: number;
  ask(asked: Ask): Promise<Answer>;
  dial(asked: SocketAsk): ReturnType<typeof dial>;
  /** A text of the upstream's without its credential. */
  conceal(text: string): string;
}

/** The only door to other servers: by name, and of these names only. */
export interface Upstreams {
  /** Fails with `no-upstream` where there is none of the name. */
  get(name: string): Door;
  all(): Door[];
  /** Adds one that was found on this machine; a name that is taken keeps what it has. */
  add(door: Door): void;
}

/** The words of a credential; in front of a key there may be how it is used, as in `Bearer KEY`. */
function secretsOf({ credential }: Upstream): string[] {
  if (credential === undefined) return [];
  return [credential.value, ...credential.value.split(/\s+/).slice(1)].filter((word) => word !== "");
}

export function doorOf(upstream: Upstream): Door {
  const secrets = secretsOf(upstream);
  return {
    name: upstream.name,
    ...(upstream.dialect && { dialect: upstream.dialect }),
    basePath: upstream.base.pathname,
    ...(isLoopback(upstream.base) && { loopbackPort: portOf(upstream.base) }),
    firstByteMs: upstream.firstByteMs,
    ask: (asked) => ask(upstream, asked),
    dial: (asked) => dial(upstream, asked),
    conceal: (text) => secrets.reduce((rest, secret) => rest.replaceAll(secret, "…"), text),
  };
}

export function openUpstreams(upstreams: readonly Upstream[]): Upstreams {
  const doors = new Map(upstreams.map((upstream) => [upstream.name, doorOf(upstream)] as const));
  return {
    get: (name) => doors.get(name) ?? fail("no-upstream", "There is no upstream of that name."),
    all: () => [...doors.values()],
    add(door) {
      if (!doors.has(door.name)) doors.set(door.name, door);
    },
  };
}
