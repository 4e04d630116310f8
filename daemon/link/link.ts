import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import type { StudioHeader } from "../../shared/contract/link.js";
import { LIMITS, PROTOCOL } from "../../shared/protocol.js";
import { fail } from "../fail.js";
import type { Upgrade } from "../http/accept.js";
import type { Caller, Opener, Performers } from "../http/bind.js";
import type { Log } from "../log.js";
import type { Clock } from "./clock.js";
import { type Connection, connectionOver } from "./connection.js";
import { studioFrame } from "./frames.js";
import { createSession, type Session } from "./session.js";

export interface LinkNeeds {
  readonly performers: Performers;
  /** The operations that answer an open stream. Each checks its input and the caller's scope itself. */
  readonly openers: ReadonlyMap<string, Opener>;
  /** The signal that a token was revoked; a session outlives the request that began it. */
  revoked(tokenId: string): AbortSignal;
  readonly clock: Clock;
  readonly log: Log;
}

/** Every link of this daemon. */
export interface Links {
  readonly upgrade: Upgrade;
  /** No new calls and streams; resolves once every call has its reply and every client its goodbye. */
  drain(): Promise<void>;
  /** Ends all that is left. */
  close(): void;
}

const TICK_MS = 1000;
/** A message of many fragments costs more than its bytes. */
const MAX_FRAGMENTS = 1024;

type Token = NonNullable<Caller["token"]>;

/**
 * One WebSocket for all that a Studio asks. A connection comes and goes; the session it greets with goes on.
 * The danger: a session is as good as its token to whoever knows its id.
 * The rule: the id is 128 random bits, serves only with the token that it began with, and dies with it.
 */
export function createLinks(needs: LinkNeeds): Links {
  const { clock } = needs;
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: LIMITS.linkMessageBytes,
    maxFragments: MAX_FRAGMENTS,
    // Looked at where it matters; a payload that is no text is refused by itself, not with the connection.
    skipUTF8Validation: true,
  });
  const sessions = new Map<string, Session>();
  const connections = new Map<string, number>();
  const strangers = new Map<Connection, number>();
  const revocations = new Map<string, AbortSignal>();

  const timer = clock.every(TICK_MS, () => {
    for (const session of [...sessions.values()]) session.tick();
    for (const [connection, sinceMs] of strangers) {
      if (clock.now() - sinceMs > LIMITS.linkHelloSeconds * 1000) connection.drop();
    }
  });

  function count(tokenId: string, change: number): void {
    const now = (connections.get(tokenId) ?? 0) + change;
    if (now === 0) connections.delete(tokenId);
    else connections.set(tokenId, now);
  }

  function begin(token: Token): Session {
    const mine = [...sessions.values()].filter(({ tokenId }) => tokenId === token.id);
    const forsaken = mine.filter((session) => !session.isAttached());
    forsaken.sort((a, b) => a.detachedMs() - b.detachedMs());
    if (mine.length >= LIMITS.links) forsaken[0]?.end();
    const session = createSession(token, { ...needs, onEnd: ({ id }) => sessions.delete(id) });
    sessions.set(session.id, session);
    endWithToken(token.id);
    return session;
  }

  function endWithToken(tokenId: string): void {
    const signal = needs.revoked(tokenId);
    if (revocations.get(tokenId) === signal) return;
    revocations.set(tokenId, signal);
    const end = () => {
      revocations.delete(tokenId);
      for (const session of [...sessions.values()]) if (session.tokenId === tokenId) session.end("revoked");
    };
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
  }

  function greet(connection: Connection, token: Token, hello: StudioHeader & { t: "hello" }): Session | undefined {
    const { protocol, session: wanted, seen = 0 } = hello;
    if (protocol < PROTOCOL.min || protocol > PROTOCOL.max) {
      const side = protocol < PROTOCOL.min ? "plugin" : "daemon";
      connection.bye(
        "wrong-protocol",
        `This daemon speaks protocol ${PROTOCOL.min} to ${PROTOCOL.max}. Update the ${side}.`,
      );
      return undefined;
    }
    const known = wanted === undefined ? undefined : sessions.get(wanted);
    const old = known?.tokenId === token.id ? known : undefined;
    const welcome = (session: Session, resumed: boolean) =>
      connection.tell(
        `{"t":"welcome","session":"${session.id}","resumed":${resumed},"seen":${session.seen()},"heartbeatMs":${LIMITS.linkBeatSeconds * 1000}}`,
      );
    if (old?.canResume(seen)) {
      welcome(old, true);
      old.attach(connection, seen);
      return old;
    }
    old?.end("session-lost");
    const fresh = begin(token);
    welcome(fresh, false);
    fresh.attach(connection, 0);
    return fresh;
  }

  function take(webSocket: WebSocket, socket: Duplex, token: Token): void {
    let session: Session | undefined;
    let isBroken = false;
    const broken = (detail: string) => {
      isBroken = true;
      if (session?.isOn(connection) === false) return;
      // Whoever breaks the rules once is not followed any further.
      if (session === undefined) connection.bye("malformed", detail);
      else session.end("malformed", detail);
    };
    const connection = connectionOver(webSocket, socket, clock, {
      onMessage(message) {
        if (isBroken || session?.isOn(connection) === false) return;
        const frame = studioFrame(message);
        if ("wrong" in frame) return broken(frame.wrong);
        const { header, payload } = frame;
        if (session !== undefined) {
          const wrong = session.take(header, payload);
          if (wrong !== undefined) broken(wrong);
        } else if (header.t !== "hello") broken("t: hello comes first");
        else {
          strangers.delete(connection);
          session = greet(connection, token, header);
          isBroken = session === undefined;
        }
      },
      onRoom: () => session?.flush(),
      onBroken: (error) => broken(error.message),
      onGone() {
        strangers.delete(connection);
        count(token.id, -1);
        session?.detach(connection);
      },
    });
    strangers.set(connection, clock.now());
    count(token.id, 1);
  }

  return {
    async upgrade(request, socket, head, { token }) {
      if (token === undefined) return fail("unauthorized", "No token.");
      if ((connections.get(token.id) ?? 0) >= LIMITS.links) {
        fail("too-many-links", `This token holds ${LIMITS.links} links.`);
      }
      server.handleUpgrade(request, socket, head, (webSocket) => take(webSocket, socket, token));
    },
    async drain() {
      for (const connection of strangers.keys()) connection.bye("shutting-down");
      await Promise.all([...sessions.values()].map((session) => session.drain()));
    },
    close() {
      timer.stop();
      for (const session of [...sessions.values()]) session.end("shutting-down");
      for (const connection of strangers.keys()) connection.drop();
      server.close();
    },
  };
}
