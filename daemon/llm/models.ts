import type { Output } from "../../shared/contract/index.js";
import type { ProblemCode } from "../../shared/problem.js";
import { LIMITS } from "../../shared/protocol.js";
import { Failure, fail } from "../fail.js";
import type { Upstreams } from "../upstream/upstreams.js";
import type { ModelFacts } from "./dialect.js";
import { createDialects } from "./dialects/dialects.js";
import { discover } from "./discovery.js";
import type { LocalServer } from "./local-servers.js";
import { listModels, type Provider } from "./provider.js";

type Listing = Output<"llm/models">;
type ProviderRow = Listing["providers"][number];
type ModelRow = Listing["models"][number];

/** How long what a provider told is told again. */
const FRESH_MS = 60_000;
/** How long a provider may take to list its models. */
const LIST_MS = 2000;

export interface Models {
  list(again: boolean): Promise<Listing>;
  /** Looks for local servers, and asks nobody else. */
  discover(): Promise<void>;
  /** The provider of a model, and its own name of it. Fails with `no-model`. */
  find(id: string): Promise<{ readonly provider: Provider; readonly model: string }>;
  close(): void;
}

export interface ModelsNeeds {
  readonly upstreams: Upstreams;
  /** Those that are looked for; none where discovery is off. */
  readonly localServers: readonly LocalServer[];
  /** Where providers are configured, as a user finds it. */
  readonly configuration: string;
}

const STATES: { readonly [code in ProblemCode]?: ProviderRow["state"] } = {
  "upstream-unreachable": "unreachable",
  "upstream-timeout": "unreachable",
  "key-refused": "refused",
};

const NAME_BYTES = 512;

/** A provider's models in the form of the contract; one whose name does not fit cannot be asked. */
function rowsOf(provider: string, models: readonly ModelFacts[]): ModelRow[] {
  return models
    .map((facts) => ({ ...facts, id: `${provider}/${facts.name}`, provider }))
    .filter(({ id, name }) => name !== "" && id.isWellFormed() && Buffer.byteLength(id) <= NAME_BYTES);
}

/** Knows the providers and their models. */
export function createModels({ upstreams, localServers, configuration }: ModelsNeeds): Models {
  const dialects = createDialects();
  const ended = new AbortController();
  /** The names of the local servers that were found. */
  const found = new Set<string>();
  let known: { readonly listing: Listing; readonly sinceMs: number } | undefined;
  let underWay: Promise<Listing> | undefined;
  let looking: Promise<void> | undefined;

  /** What a user is told of a provider that cannot be reached. */
  function whenDown(name: string, detail: string): string {
    const local = found.has(name) ? localServers.find((server) => server.name === name) : undefined;
    return local === undefined ? `${detail} Start it, or correct its address in ${configuration}.` : notRunning(local);
  }

  function notRunning({ title }: LocalServer): string {
    return `${title} is not running: start it, or add another model in ${configuration}.`;
  }

  function providers(): Provider[] {
    return upstreams.all().flatMap((door) => {
      if (door.dialect === undefined) return [];
      return [
        { name: door.name, door, dialect: dialects[door.dialect], whenDown: (detail) => whenDown(door.name, detail) },
      ];
    });
  }

  /** What a configured upstream has the name of, or already reaches, is not looked for. */
  function sought(): LocalServer[] {
    const doors = upstreams.all();
    return localServers.filter(
      ({ name, port }) =>
        !doors.some((door) => door.name === name || (door.dialect !== undefined && door.loopbackPort === port)),
    );
  }

  async function look(): Promise<void> {
    for (const door of await discover(sought(), dialects, ended.signal)) {
      upstreams.add(door);
      found.add(door.name);
    }
  }

  /** However many ask, it is looked once at a time: each look is a connection to every server. */
  function discoverNow(): Promise<void> {
    looking ??= look().finally(() => {
      looking = undefined;
    });
    return looking;
  }

  async function ask(provider: Provider): Promise<{ row: ProviderRow; models: ModelRow[] }> {
    const { name, door } = provider;
    const row = { name, dialect: door.dialect as ProviderRow["dialect"] };
    const late = new Failure({
      code: "upstream-timeout",
      detail: `${name} did not answer within ${LIST_MS / 1000} s.`,
    });
    const timely = new AbortController();
    const timer = setTimeout(() => timely.abort(late), LIST_MS);
    try {
      const models = await listModels(provider, AbortSignal.any([ended.signal, timely.signal]));
      return { row: { ...row, state: "ready" }, models: rowsOf(name, models) };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const { code, detail } = error.problem;
      return { row: { ...row, state: STATES[code] ?? "failed", detail }, models: [] };
    } finally {
      clearTimeout(timer);
    }
  }

  async function learn(): Promise<Listing> {
    await discoverNow();
    const told = await Promise.all(providers().slice(0, LIMITS.upstreams).map(ask));
    if (ended.signal.aborted) fail("shutting-down", "The daemon is ending.");
    const listing = {
      models: told.flatMap(({ models }) => models).slice(0, LIMITS.models),
      providers: told.map(({ row }) => row),
    };
    known = { listing, sinceMs: Date.now() };
    return listing;
  }

  return {
    async list(again) {
      const isFresh = known !== undefined && Date.now() - known.sinceMs < FRESH_MS;
      if (known !== undefined && isFresh && !again) return known.listing;
      underWay ??= learn().finally(() => {
        underWay = undefined;
      });
      return await underWay;
    },
    discover: discoverNow,
    async find(id) {
      const slash = id.indexOf("/");
      const name = id.slice(0, Math.max(0, slash));
      const named = () => providers().find((provider) => provider.name === name);
      if (named() === undefined && localServers.some((server) => server.name === name)) await discoverNow();
      const provider = named();
      if (provider !== undefined && slash < id.length - 1) return { provider, model: id.slice(slash + 1) };
      const local = localServers.find((server) => server.name === name);
      if (local !== undefined) return fail("upstream-unreachable", notRunning(local));
      return fail("no-model", `There is no provider named ${JSON.stringify(name)}. Add it in ${configuration}.`);
    },
    close: () => ended.abort(new Failure({ code: "shutting-down", detail: "The daemon is ending." })),
  };
}
