import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/**
 * Stands behind a proxy and before the daemon: the daemon takes only requests whose Host has its own port, and Studio
 * names the proxy's. Changes that, and nothing else.
 */
export async function startHostRename(daemon: number): Promise<{
  readonly port: number;
  /** The port that Studio names. */
  from(port: number): void;
  close(): Promise<void>;
}> {
  const sockets = new Set<Socket>();
  let named = daemon;
  const server = createServer((client) => {
    const upstream = connect(daemon, "127.0.0.1");
    const end = () => {
      client.resetAndDestroy();
      upstream.resetAndDestroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", end);
      socket.on("close", () => sockets.delete(socket));
    }
    let head: Buffer | undefined = Buffer.alloc(0);
    client.on("data", (chunk) => {
      if (head === undefined) {
        if (!upstream.write(chunk)) client.pause();
        return;
      }
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf("\r\n\r\n");
      if (end < 0) return;
      const before = head.toString("latin1", 0, end);
      upstream.write(before.replace(`127.0.0.1:${named}`, `127.0.0.1:${daemon}`), "latin1");
      upstream.write(head.subarray(end));
      head = undefined;
    });
    upstream.on("drain", () => client.resume());
    upstream.on("data", (chunk) => {
      if (!client.write(chunk)) upstream.pause();
    });
    client.on("drain", () => upstream.resume());
    client.on("end", () => upstream.end());
    upstream.on("end", () => client.end());
    client.on("close", () => upstream.destroy());
    upstream.on("close", () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    from(port) {
      named = port;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
