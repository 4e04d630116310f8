import { validateHeaderName, validateHeaderValue } from "node:http";
import type { DIALECTS } from "../../shared/contract/index.js";
import { LIMITS } from "../../shared/protocol.js";
import { isMetadataAddress } from "./address.js";

/** How an upstream that has models is spoken to. */
export type DialectName = (typeof DIALECTS)[number];

/** A server that the daemon may speak to, named by the user. Nothing on the wire adds one. */
export interface Upstream {
  readonly name: string;
  /** By http or https, without a query; sockets are opened at the same place by ws or wss. */
  readonly base: URL;
  /** Absent where it has no models. */
  readonly dialect?: DialectName;
  /** A header of its own that it gets with every request; the client never sees it. */
  readonly credential?: Credential;
  readonly firstByteMs: number;
  /** Longest silence between two bytes. */
  readonly idleMs: number;
}

interface Credential {
  readonly header: string;
  readonly value: string;
}

export interface UpstreamSetting {
  readonly name: string;
  readonly url: string;
  readonly dialect?: DialectName;
  readonly credential?: Credential;
  readonly firstByteSeconds?: number;
  readonly idleSeconds?: number;
}

export const UPSTREAM_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const PROTOCOLS = new Map([
  ["http:", "http:"],
  ["https:", "https:"],
  ["ws:", "http:"],
  ["wss:", "https:"],
]);
const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;
const SECOND_MS = 1000;

export function isLoopback({ hostname }: URL): boolean {
  return LOOPBACK.test(hostname);
}

export function portOf({ port, protocol }: URL): number {
  return Number(port) || (protocol === "https:" ? 443 : 80);
}

function baseOf({ name, url }: UpstreamSetting): URL {
  const wrong = (why: string): never => {
    throw new Error(`the upstream ${name}: ${why}`);
  };
  const given = URL.canParse(url) ? new URL(url) : wrong("this is not a URL, as http://127.0.0.1:1234 is one");
  const protocol = PROTOCOLS.get(given.protocol) ?? wrong("speak to it by http, https, ws or wss");
  if (given.username !== "" || given.password !== "") wrong("a URL holds no name or password; name a header instead");
  if (given.search !== "" || url.includes("#")) wrong("its URL ends with the path");
  if (isMetadataAddress(given.hostname)) wrong("this is an address of a cloud's own metadata");
  return new URL(`${protocol}//${given.host}${given.pathname}`);
}

/** Never says the value. */
function checkCredential(name: string, { header, value }: Credential, base: URL): void {
  try {
    validateHeaderName(header);
    validateHeaderValue(header, value);
  } catch {
    throw new Error(`the upstream ${name}: its header ${JSON.stringify(header)} cannot be sent`);
  }
  if (base.protocol !== "https:" && !isLoopback(base)) {
    throw new Error(`the upstream ${name}: a header is sent by https, or to this machine only`);
  }
}

/** A setting as an upstream. Throws one line that names it where it cannot be used. */
export function resolveUpstream(setting: UpstreamSetting): Upstream {
  const { name, credential } = setting;
  if (!UPSTREAM_NAME.test(name)) throw new Error(`an upstream cannot be named ${JSON.stringify(name)}`);
  const base = baseOf(setting);
  if (credential !== undefined) checkCredential(name, credential, base);
  return {
    name,
    base,
    ...(setting.dialect && { dialect: setting.dialect }),
    ...(credential && { credential: { header: credential.header.toLowerCase(), value: credential.value } }),
    firstByteMs: (setting.firstByteSeconds ?? LIMITS.upstreamSilenceSeconds) * SECOND_MS,
    idleMs: (setting.idleSeconds ?? LIMITS.upstreamSilenceSeconds) * SECOND_MS,
  };
}
