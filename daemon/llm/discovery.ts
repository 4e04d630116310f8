import { LIMITS } from "../../shared/protocol.js";
import { resolveUpstream } from "../upstream/upstream.js";
import { type Door, doorOf } from "../upstream/upstreams.js";
import type { Dialects } from "./dialects/dialects.js";
import type { LocalServer } from "./local-servers.js";
import { listModels, type Provider } from "./provider.js";

/**
 * Looks for local servers, all of them at once and for no longer than LIMITS.discoveryMs. One is taken for a model server
 * only where it lists its models in the form of its dialect: something else may well listen on a port as common as these.
 */
export async function discover(
  servers: readonly LocalServer[],
  dialects: Dialects,
  signal: AbortSignal,
): Promise<Door[]> {
  const timely = AbortSignal.any([signal, AbortSignal.timeout(LIMITS.discoveryMs)]);
  const found = await Promise.all(
    servers.map(async ({ name, port, dialect }) => {
      const door = doorOf(resolveUpstream({ name, url: `http://127.0.0.1:${port}`, dialect }));
      const provider: Provider = { name, door, dialect: dialects[dialect], whenDown: (detail) => detail };
      // What does not answer so is not there.
      return await listModels(provider, timely).then(
        () => [door],
        () => [],
      );
    }),
  );
  return found.flat();
}
