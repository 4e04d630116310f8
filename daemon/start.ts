import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { COMMAND } from "../shared/protocol.js";
import { createApp, LINK_TARGET, openersOf, openTargets, performersOf, targets } from "./app.js";
import type { Config } from "./config.js";
import { fail, lineOf, problemOf } from "./fail.js";
import { createFiles } from "./files/files.js";
import { keepHashes } from "./files/hash-store.js";
import { filesRoutes } from "./files/routes.js";
import { searchRoutes } from "./files/search/routes.js";
import { createSearch, type Tools } from "./files/search/search.js";
import type { Handlers } from "./http/bind.js";
import { listen } from "./http/listen.js";
import { createServers, type Doors } from "./http/server.js";
import { lookUp, pathOf } from "./http/targets.js";
import { systemClock } from "./link/clock.js";
import { createLinks } from "./link/link.js";
import { createChats } from "./llm/chat.js";
import type { LocalServer } from "./llm/local-servers.js";
import { createModels } from "./llm/models.js";
import { llmRoutes } from "./llm/routes.js";
import type { Log } from "./log.js";
import { leaveNote } from "./note.js";
import { createRelays } from "./relay/relays.js";
import { relayOpeners, relayRoutes } from "./relay/routes.js";
import { createStreamCap } from "./relay/stream-cap.js";
import { createPairings } from "./session/pairing.js";
import { sessionRoutes } from "./session/routes.js";
import { createToken, openTokens } from "./session/tokens.js";
import type { StateFolder } from "./state.js";
import { openUpstreams } from "./upstream/upstreams.js";
import { watchRoutes } from "./watch/routes.js";
import { createWatch } from "./watch/watch.js";

export interface Daemon {
  readonly url: string;
  /** Ends it: no new calls, writes finished whole, at most DRAIN_MS later everything closed. */
  close(): Promise<void>;
}

/** What the daemon needs of the process it runs in. */
export interface Surroundings {
  readonly state: StateFolder;
  readonly log: Log;
  readonly pid: number;
  /** Whether a process of this number runs. */
  isAlive(pid: number): boolean;
  readonly searchTools: Tools;
  /** The local model servers that are looked for. */
  readonly localServers: readonly LocalServer[];
  /** A client asks to pair; the user compares the code. */
  announcePairing(pairing: { client: string; scopes: readonly string[]; code: string }): void;
}

/** What the command line may do: `puente undo` changes files, `puente models` lists models. */
const OPERATOR = ["operator", "files:read", "files:write", "llm"];

const DRAIN_MS = 4000;

/** A name for the token of a paired client, by which the user finds it again in the list. */
function tokenName(client: string): string {
  const readable = client
    .replace(/[^A-Za-z0-9._ -]/g, "")
    .slice(0, 40)
    .trim();
  return `${readable === "" ? "client" : readable.replace(/^[._ -]+/, "")}-${randomBytes(4).toString("hex")}`;
}

function urlOf(port: number): string {
  return `http://127.0.0.1:${port}`;
}

/** Puts the daemon together and listens. Throws one-line errors where it cannot, with nothing left half-started. */
export async function start(config: Config, surroundings: Surroundings): Promise<Daemon> {
  const { state, log, pid } = surroundings;
  const hashes = keepHashes(state, (error) => log.warn(`the hashes cannot be kept: ${lineOf(error)}`));
  const files = createFiles(config.roots, {
    denied: [state.folder],
    ignore: config.ignore,
    hashes,
    followLinks: config.followLinks,
    history: { folder: join(state.folder, "journal"), pid, isAlive: surroundings.isAlive, bounds: config.history },
  });
  await files.recover((error) => log.warn(`an unfinished change is left as it is: ${lineOf(error)}`));
  const search = createSearch(config.roots, { denied: [state.folder], ignore: files.ignore }, surroundings.searchTools);
  const watch = createWatch(files, (error) => log.warn(`the watch: ${lineOf(error)}`));
  const tokens = openTokens(state, (error) => log.warn(`the tokens cannot be read: ${lineOf(error)}`));
  const pairings = createPairings(
    (client, scopes) => createToken(state, tokenName(client), scopes),
    surroundings.announcePairing,
  );
  const upstreams = openUpstreams(config.upstreams);
  const models = createModels({
    upstreams,
    localServers: surroundings.localServers,
    configuration: config.path ?? `the flags of ${COMMAND} serve`,
  });
  const chats = createChats(models, async (root, path, bytes, signal) => {
    const range = { offset: 0, bytes };
    return (await files.read({ root, path, range }, signal)).bytes;
  });
  const relays = createRelays(upstreams, (error) => problemOf(error, log));
  const cap = createStreamCap(config.streamCap);
  const routes = relayRoutes(relays, cap);
  const calls = targets();
  const handlers: Handlers = {
    ...sessionRoutes(tokens, pairings, cap.of),
    ...filesRoutes(files, watch.writing),
    ...searchRoutes(search),
    ...watchRoutes(watch),
    ...llmRoutes(models, chats),
  };
  const performers = performersOf(handlers);
  const links = createLinks({
    performers,
    openers: new Map([...openersOf(performers), ...relayOpeners(relays)]),
    revoked: tokens.revoked,
    clock: systemClock,
    log,
  });
  let port = config.port;
  const doors: Doors = {
    clientStallMs: config.clientStallMs,
    isTarget: (target) => calls.has(pathOf(target)) || lookUp(routes.streams, target) !== undefined,
    openTargets: openTargets(),
    upgrades: new Map([...routes.upgrades, [LINK_TARGET, links.upgrade]]),
    admit(text) {
      const token = tokens.find(text) ?? fail("unauthorized", "The token is not known here; it may have been revoked.");
      return { token, revoked: tokens.revoked(token.id) };
    },
    serve: createApp(handlers, routes.streams),
    log,
  };
  const servers = createServers(() => port, doors);

  /** What waits for something is let go. */
  async function letGo(): Promise<void> {
    tokens.close();
    pairings.close();
    relays.close();
    chats.close();
    models.close();
    await Promise.all([watch.close(), search.close()]);
  }

  let note: { remove(): void };
  try {
    port = await listen(servers.server, config.port);
    note = leaveNote(state, { url: urlOf(port), pid, token: tokens.addTransient("operator", [...OPERATOR]) });
  } catch (error) {
    await servers.close();
    links.close();
    await letGo();
    throw error;
  }
  models.discover().catch((error) => log.fault(error));
  const drainDone = () => new Promise<void>((resolve) => setTimeout(resolve, DRAIN_MS).unref());
  return {
    url: urlOf(port),
    async close() {
      note.remove();
      servers.drain();
      const lastReplies = links.drain();
      await letGo();
      await Promise.race([Promise.all([servers.idle(), lastReplies]), drainDone()]);
      links.close();
      await servers.close();
      await hashes.close();
    },
  };
}
