import { Readable } from "node:stream";
import { onTestFinished } from "vitest";
import type { Opener } from "../../../daemon/http/bind.js";
import { createLinkClient, type LinkClient } from "../../support/link-client.js";
import { type LinkHost, startLinkHost, startUpstream, type TestUpstream } from "../../support/link-host.js";

export interface CountingUpstream extends TestUpstream {
  /** By path, what was said to its socket. */
  readonly told: ReadonlyMap<string, string[]>;
  /** Lets the socket of a path count so much further. */
  count(path: string, more: number): void;
}

/** An upstream whose sockets count from 1, at first to `count`, and keep what they are told, for as long as the test runs. */
export async function countingUpstream(): Promise<CountingUpstream> {
  const told = new Map<string, string[]>();
  const counters = new Map<string, (more: number) => void>();
  const upstream = await startUpstream(
    (_request, response) => response.end(),
    (socket, request) => {
      const url = new URL(request.url ?? "", "http://upstream");
      const heard: string[] = [];
      told.set(url.pathname, heard);
      let number = 0;
      const count = (more: number) => {
        for (const stop = number + more; number < stop; ) {
          number += 1;
          socket.send(`${number}`);
        }
      };
      counters.set(url.pathname, count);
      count(Number(url.searchParams.get("count")));
      socket.on("message", (message: Buffer) => heard.push(message.toString()));
    },
  );
  onTestFinished(() => upstream.close());
  return { ...upstream, told, count: (path, more) => counters.get(path)?.(more) };
}

/** A socket whose other side takes nothing. */
export const stuck: Opener = async () => ({
  status: 101,
  headers: [],
  body: new Readable({ objectMode: true, read: () => undefined }),
  socket: {
    send: () => new Promise(() => undefined),
    close: () => undefined,
    closed: new Promise(() => undefined),
  },
});

export async function hostOf(options: Parameters<typeof startLinkHost>[0]): Promise<LinkHost> {
  const host = await startLinkHost(options);
  onTestFinished(() => host.close());
  return host;
}

/** A client that is closed with the test; not yet connected. */
export function clientOf(host: LinkHost, more: Partial<Parameters<typeof createLinkClient>[0]> = {}): LinkClient {
  const client = createLinkClient({ port: host.port, token: host.token, ...more });
  onTestFinished(() => client.close());
  return client;
}

export function upTo(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${index + 1}`);
}
