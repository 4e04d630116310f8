import { misfit } from "../../shared/check.js";
import { DEFAULT_PORT } from "../../shared/protocol.js";
import { record, text } from "../../shared/schema.js";
import { LUAU_RUNTIME } from "./wire/runtime.js";

const BAKED = record({}, { url: text(256), token: text(256) });
/** The names of the plugin's settings. */
const ADDRESS = "address";
const TOKEN = "token";

/** What Studio keeps for this plugin on this machine. */
export interface Settings {
  get(name: string): unknown;
  set(name: string, value: unknown): void;
}

export interface Credential {
  readonly token: string;
  /** `installed` came with the plugin file, `paired` from a pairing. */
  readonly from: "installed" | "paired";
}

export interface Credentials {
  address(): string;
  /** False where the text is not an address of this machine. */
  moveTo(address: string): boolean;
  /** In the order in which they are to be tried. */
  all(): readonly Credential[];
  keep(token: string): void;
  /** The daemon refused it. One that came with the plugin is not tried again until the plugin is loaded anew. */
  forget(credential: Credential): void;
}

/** Only this machine: a token and the files never go over a network. Studio asks nothing of ports below 1024. */
function isAddress(value: unknown): value is string {
  const port = typeIs(value, "string") ? value.match("^http://127%.0%.0%.1:(%d+)$")[0] : undefined;
  const number = port === undefined ? 0 : (tonumber(port) ?? 0);
  return number >= 1024 && number <= 65_535;
}

/** Anything else could break out of its header. */
function isToken(value: unknown): value is string {
  return typeIs(value, "string") && value.match("^[%w_-]+%.[%w_-]+$")[0] !== undefined;
}

function readBaked(http: HttpService, json: string): { readonly url?: string; readonly token?: string } {
  if (json === "") return {};
  const [ok, value] = pcall(() => http.JSONDecode(json));
  return ok && misfit(LUAU_RUNTIME, BAKED, value) === undefined ? (value as { url?: string; token?: string }) : {};
}

/** `json` is the Value of the StringValue that `puente plugin install` fills. */
export function createCredentials(http: HttpService, settings: Settings, json: string): Credentials {
  const baked = readBaked(http, json);
  let installed = isToken(baked.token) ? baked.token : undefined;

  return {
    address() {
      const set = settings.get(ADDRESS);
      if (isAddress(set)) return set;
      return isAddress(baked.url) ? baked.url : `http://127.0.0.1:${DEFAULT_PORT}`;
    },
    moveTo(address) {
      if (!isAddress(address)) return false;
      settings.set(ADDRESS, address);
      return true;
    },
    all() {
      const found: Credential[] = [];
      if (installed !== undefined) found.push({ token: installed, from: "installed" });
      const paired = settings.get(TOKEN);
      if (isToken(paired)) found.push({ token: paired, from: "paired" });
      return found;
    },
    keep(token) {
      settings.set(TOKEN, token);
    },
    forget(credential) {
      if (credential.from === "installed") installed = undefined;
      else if (settings.get(TOKEN) === credential.token) settings.set(TOKEN, undefined);
    },
  };
}
