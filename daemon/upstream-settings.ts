import { DIALECTS } from "../shared/contract/index.js";
import { LIMITS } from "../shared/protocol.js";
import { choice, type Infer, integer, record, text } from "../shared/schema.js";
import { readCredential } from "./credential.js";
import { resolveUpstream, type Upstream, type UpstreamSetting } from "./upstream/upstream.js";

export const SILENCE_SECONDS = integer(1, 86_400);

/** An upstream as the config file has it. */
export const UPSTREAM_SETTING = record(
  { name: text(64), url: text(2048) },
  {
    dialect: choice(...DIALECTS),
    header: record({ name: text(128), from: record({}, { env: text(128), file: text(4096) }) }),
    firstByteSeconds: SILENCE_SECONDS,
    idleSeconds: SILENCE_SECONDS,
  },
);

/** `NAME=URL`, or `NAME=DIALECT+URL` of one that has models. */
function parseUpstream(value: string): UpstreamSetting {
  const equals = value.indexOf("=");
  if (equals < 1) throw new Error(`--upstream ${value}: write it as NAME=URL`);
  const name = value.slice(0, equals);
  const url = value.slice(equals + 1);
  const [, before, address = ""] = /^([^+:/]+)\+(.*)$/.exec(url) ?? [];
  if (before === undefined) return { name, url };
  const dialect = DIALECTS.find((known) => known === before);
  if (dialect === undefined) {
    throw new Error(`--upstream ${value}: ${before} is no dialect; there are ${DIALECTS.join(", ")}`);
  }
  return { name, dialect, url: address };
}

/** The upstreams of flags and of the config file. Throws one line where one cannot be used. @param whereabouts where the values of their headers may be. */
export function resolveUpstreams(
  flags: readonly string[],
  file: readonly Infer<typeof UPSTREAM_SETTING>[],
  whereabouts: Parameters<typeof readCredential>[1],
): Upstream[] {
  const settings: UpstreamSetting[] = [
    ...flags.map(parseUpstream),
    ...file.map(({ header, ...setting }) =>
      header === undefined
        ? setting
        : { ...setting, credential: { header: header.name, value: readCredential(header.from, whereabouts) } },
    ),
  ];
  for (const [index, { name }] of settings.entries()) {
    if (settings.slice(0, index).some((other) => other.name === name)) {
      throw new Error(`two upstreams are named ${name}`);
    }
  }
  if (settings.length > LIMITS.upstreams) throw new Error(`there can be ${LIMITS.upstreams} upstreams`);
  return settings.map(resolveUpstream);
}
