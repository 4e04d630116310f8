import { connect, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { LIMITS } from "../../shared/protocol.js";
import { Failure } from "../fail.js";
import { guardedLookup } from "./address.js";
import { readInto } from "./read-into.js";
import { portOf, type Upstream } from "./upstream.js";

/**
 * A connection to an upstream, for one stream: to end it is how a stream that nobody wants is ended. One that is not
 * made in time, TLS included, fails with `upstream-timeout`.
 */
export function connectTo({ name, base }: Upstream): Socket {
  const isSecure = base.protocol === "https:";
  const host = base.hostname.replace(/^\[|\]$/g, "");
  const port = portOf(base);
  const options = { host, port, lookup: guardedLookup, noDelay: true };
  const socket: Socket = isSecure
    ? connectTls({ ...options, ALPNProtocols: ["http/1.1"], ...(isIP(host) === 0 && { servername: host }) })
    : connect({ ...options, onread: readInto(() => socket) });
  const timer = setTimeout(() => {
    const detail = `The upstream ${name} took no connection within ${LIMITS.upstreamConnectSeconds} s.`;
    socket.destroy(new Failure({ code: "upstream-timeout", detail }));
  }, LIMITS.upstreamConnectSeconds * 1000);
  socket.once(isSecure ? "secureConnect" : "connect", () => clearTimeout(timer));
  socket.once("close", () => clearTimeout(timer));
  return socket;
}
