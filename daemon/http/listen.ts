import type { Server } from "node:http";
import { type AddressInfo, isIPv6 } from "node:net";
import { holderOf } from "./holder.js";

const LOOPBACK = ["127.0.0.1", "::1"] as const;
/** What a system without IPv6 says. */
const NO_IPV6 = new Set(["EADDRNOTAVAIL", "EAFNOSUPPORT", "EINVAL"]);
/** How often a free port is looked for that both families have. */
const TRIES = 8;

function bind(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port, exclusive: true, ipv6Only: isIPv6(host) }, () => {
      server.off("error", reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

async function bindBoth(makeServer: () => Server, port: number): Promise<number> {
  const first = makeServer();
  const bound = await bind(first, LOOPBACK[0], port);
  try {
    await bind(makeServer(), LOOPBACK[1], bound);
  } catch (error) {
    if (!NO_IPV6.has((error as NodeJS.ErrnoException).code ?? "")) {
      await new Promise((resolve) => first.close(resolve));
      throw error;
    }
  }
  return bound;
}

/**
 * Listens on 127.0.0.1 and, where the machine has it, on ::1; answers the port. Nothing else is ever bound.
 * A busy port is an error that names its holder where the system tells, never another port.
 * @param port 0 to 65535; 0 takes any that is free.
 */
export async function listen(makeServer: () => Server, port: number): Promise<number> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await bindBoth(makeServer, port);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
      if (port === 0 && tried < TRIES) continue;
      const holder = await holderOf(port);
      throw new Error(
        `port ${port} is taken${holder === undefined ? "" : ` by ${holder}`}; end that, or choose another with --port`,
      );
    }
  }
}
