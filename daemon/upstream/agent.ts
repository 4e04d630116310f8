import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { LIMITS } from "../../shared/protocol.js";
import { Failure } from "../fail.js";
import { guardedLookup } from "./address.js";
import type { Upstream } from "./upstream.js";

/** A connection serves one stream: to end it is how a stream that nobody wants is ended. */
const OPTIONS = { keepAlive: false, lookup: guardedLookup, noDelay: true };

/** Ends a connection that is not made in time, TLS included. */
function boundConnect(socket: Duplex, event: "connect" | "secureConnect", name: string): void {
  const timer = setTimeout(() => {
    const detail = `The upstream ${name} took no connection within ${LIMITS.upstreamConnectSeconds} s.`;
    socket.destroy(new Failure({ code: "upstream-timeout", detail }));
  }, LIMITS.upstreamConnectSeconds * 1000);
  socket.once(event, () => clearTimeout(timer));
  socket.once("close", () => clearTimeout(timer));
}

/** Makes the connections to one upstream. */
export function createAgent({ name, base }: Upstream): HttpAgent {
  const isSecure = base.protocol === "https:";
  const agent = isSecure ? new HttpsAgent(OPTIONS) : new HttpAgent(OPTIONS);
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (options, made) => {
    const socket = connect(options, made) as Socket;
    boundConnect(socket, isSecure ? "secureConnect" : "connect", name);
    return socket;
  };
  return agent;
}
