import { type AddressInfo, createServer, type Socket } from "node:net";

export interface RawOrigin {
  readonly url: string;
  readonly port: number;
  /** What has come in, of all connections. */
  received(): string;
  connections(): number;
  close(): Promise<void>;
}

/** A server on loopback that answers a connection with bytes that no HTTP server would send. */
export async function startRawOrigin(serve: (socket: Socket) => void): Promise<RawOrigin> {
  const open = new Set<Socket>();
  let received = "";
  const server = createServer((socket) => {
    open.add(socket);
    socket.on("error", () => socket.destroy());
    socket.once("close", () => open.delete(socket));
    let isAsked = false;
    socket.on("data", (chunk) => {
      received += chunk.toString("latin1");
      if (!isAsked) serve(socket);
      isAsked = true;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    received: () => received,
    connections: () => open.size,
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
