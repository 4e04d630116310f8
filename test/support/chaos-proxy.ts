import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A TCP proxy that hurts: it cuts, stalls and splits, and changes neither bytes nor their order. */
export interface ChaosProxy {
  readonly port: number;
  /** Cuts every connection there is, in the middle of whatever it is. */
  cut(): void;
  /** Does so once so many more bytes have gone towards the client, or away from it. */
  cutAfter(bytes: number, towards: "client" | "server"): void;
  /** Nothing passes until `flow`. */
  stall(): void;
  flow(): void;
  /** From now on at most so many bytes are written at once, more where it were too many pieces; 0 for all. */
  split(bytes: number): void;
  /** How often a connection was cut, or several at once. */
  cuts(): number;
  /** Bytes that have gone towards each side. */
  readonly passed: { client: number; server: number };
  close(): Promise<void>;
}

/** Of what was read at once: a long message byte by byte is a second of a processor's time. */
const MOST_PIECES = 2000;

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
}

export async function startChaosProxy(target: number): Promise<ChaosProxy> {
  const pairs = new Set<Pair>();
  const passed = { client: 0, server: 0 };
  let cuts = 0;
  let splitBytes = 0;
  let isStalled = false;
  let cutting: { left: number; readonly towards: "client" | "server" } | undefined;

  function destroy(pair: Pair): void {
    pairs.delete(pair);
    pair.client.resetAndDestroy();
    pair.server.resetAndDestroy();
  }

  function cut(): void {
    if (pairs.size > 0) cuts += 1;
    for (const pair of [...pairs]) destroy(pair);
  }

  function pass(pair: Pair, from: Socket, to: Socket, towards: "client" | "server"): void {
    from.setNoDelay(true);
    from.on("data", (chunk) => {
      let bytes = chunk;
      if (cutting?.towards === towards) {
        bytes = chunk.subarray(0, cutting.left);
        cutting.left -= bytes.length;
        if (cutting.left <= 0) {
          cutting = undefined;
          // What is let through arrives before the reset does.
          to.write(bytes, () => setImmediate(cut));
          from.pause();
          return;
        }
      }
      passed[towards] += bytes.length;
      const step = splitBytes === 0 ? bytes.length : Math.max(splitBytes, Math.ceil(bytes.length / MOST_PIECES));
      let hasRoom = true;
      for (let at = 0; at < bytes.length; at += step) hasRoom = to.write(bytes.subarray(at, at + step));
      if (!hasRoom) {
        from.pause();
        to.once("drain", () => {
          if (!isStalled) from.resume();
        });
      }
    });
    from.on("error", () => destroy(pair));
    from.on("close", () => destroy(pair));
  }

  const listener = createServer((client) => {
    const server = connect(target, "127.0.0.1");
    const pair = { client, server };
    pairs.add(pair);
    pass(pair, client, server, "server");
    pass(pair, server, client, "client");
    if (isStalled) for (const socket of [client, server]) socket.pause();
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));

  function each(act: (socket: Socket) => void): void {
    for (const { client, server } of pairs) for (const socket of [client, server]) act(socket);
  }

  return {
    port: (listener.address() as AddressInfo).port,
    cut,
    cutAfter(bytes, towards) {
      cutting = { left: bytes, towards };
    },
    stall() {
      isStalled = true;
      each((socket) => socket.pause());
    },
    flow() {
      isStalled = false;
      each((socket) => socket.resume());
    },
    split(bytes) {
      splitBytes = bytes;
      each((socket) => socket.setNoDelay(true));
    },
    cuts: () => cuts,
    passed,
    async close() {
      for (const pair of [...pairs]) destroy(pair);
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}
