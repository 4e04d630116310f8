import { connect as connectPlain, type Socket } from "node:net";
import { connect as connectSecure } from "node:tls";
import type { Switches } from "../switches.ts";
import { localhostFirst, type Outgoing } from "./exchange.ts";

export interface Reading {
  /** At most `switches.readBytes`, and its own copy. */
  read(bytes: Buffer): void;
  /** The other side has sent all. */
  end(): void;
  fail(error: NodeJS.ErrnoException): void;
}

/**
 * Connects, writes the request and hands over the raw bytes that come, one read of the socket after the other. Below
 * TLS there are no reads to be had, so there what came together is cut into as many bytes.
 */
export function connectAndAsk(out: Outgoing, switches: Switches, reading: Reading): Socket {
  const secure = out.url.protocol === "https:";
  const where = {
    host: out.url.hostname.replace(/^\[|\]$/g, ""),
    port: Number(out.url.port || (secure ? 443 : 80)),
    lookup: localhostFirst(switches.localhostFirst),
  };
  const buffer = Buffer.alloc(switches.readBytes);
  const socket = secure
    ? connectSecure({ ...where, servername: where.host })
    : connectPlain({
        ...where,
        onread: {
          buffer,
          callback(length) {
            reading.read(Buffer.from(buffer.subarray(0, length)));
            return true;
          },
        },
      });
  if (secure)
    socket.on("data", (bytes: Buffer) => {
      for (let at = 0; at < bytes.length; at += switches.readBytes)
        reading.read(bytes.subarray(at, at + switches.readBytes));
    });
  socket.on("end", reading.end);
  socket.on("error", reading.fail);
  socket.write(requestHead(out), "latin1");
  if (out.body !== undefined) socket.write(out.body);
  return socket;
}

/** Names and values were checked before (`streams.ts`), so that no header brings another. */
function requestHead(out: Outgoing): string {
  const lines = Object.entries(out.headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const target = `${out.url.pathname}${out.url.search}`;
  return `${out.method} ${target} HTTP/1.1\r\nHost: ${out.url.host}\r\n${lines.join("")}\r\n`;
}
