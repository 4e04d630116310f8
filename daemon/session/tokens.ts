import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { StateFolder } from "../state.js";

/** What is known of a token. The secret itself is nowhere kept: `hash` is its SHA-256, in hex. */
export interface Token {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly hash: string;
  readonly createdMs: number;
}

export interface Tokens {
  /** A token's record if the text is a valid one. A token made or revoked by another process counts at once, or within a second. */
  find(text: string): Token | undefined;
  /** Proof for `session/prove`; of an unknown id a proof that fits nothing. */
  prove(id: string, challenge: string): string;
  /** The signal that is aborted within a second once the token is revoked. */
  revoked(id: string): AbortSignal;
  /** Adds a token for this process alone: known while it runs, on no disk. */
  addTransient(name: string, scopes: readonly string[]): string;
  close(): void;
}

const REFRESH_MS = 400;
const TOKEN_NAME = /^[A-Za-z0-9][A-Za-z0-9._ -]{0,63}$/;

function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** HMAC-SHA256 of the challenge, in hex, keyed with the bytes of the stored hash. */
function proofOf(hash: string, challenge: string): string {
  return createHmac("sha256", Buffer.from(hash, "hex")).update(challenge).digest("hex");
}

/** The proof that a daemon owes for a token whose text the asker has. */
export function proofForToken(text: string, challenge: string): string {
  return proofOf(hashOf(text.slice(text.indexOf(".") + 1)), challenge);
}

function mint(name: string, scopes: readonly string[]): { text: string; token: Token } {
  const id = randomBytes(8).toString("hex");
  const secret = randomBytes(32).toString("base64url");
  return { text: `${id}.${secret}`, token: { id, name, scopes, hash: hashOf(secret), createdMs: Date.now() } };
}

/** One file a token, so that two processes never write the same file and a name is taken only once. */
function fileOf(name: string): string {
  return `tokens/${name}.json`;
}

function isToken(value: unknown): value is Token {
  if (typeof value !== "object" || value === null) return false;
  const token = value as Record<string, unknown>;
  return (
    typeof token["id"] === "string" &&
    typeof token["name"] === "string" &&
    Array.isArray(token["scopes"]) &&
    typeof token["hash"] === "string" &&
    /^[0-9a-f]{64}$/.test(token["hash"])
  );
}

/** Every token on disk. A file that is not one is left out, and so gives no access. */
export function listTokens(state: StateFolder): Token[] {
  return state
    .names("tokens")
    .filter((file) => file.endsWith(".json"))
    .map((file) => state.readJson(`tokens/${file}`))
    .filter(isToken);
}

/** Makes a token and answers its text, which is shown this once. Throws where the name is taken or not a name. */
export function createToken(state: StateFolder, name: string, scopes: readonly string[]): string {
  if (!TOKEN_NAME.test(name)) {
    throw new Error(
      `a token's name is 1 to 64 letters, digits, spaces, dots, dashes or underscores: ${JSON.stringify(name)}`,
    );
  }
  const { text, token } = mint(name, scopes);
  if (!state.createJson(fileOf(name), token)) throw new Error(`there is a token named ${name} already`);
  return text;
}

/** Whether there was a token of that name. */
export function revokeToken(state: StateFolder, name: string): boolean {
  return TOKEN_NAME.test(name) && state.remove(fileOf(name));
}

/** @param onFault told when the folder cannot be read; what was known last then goes on being so. */
export function openTokens(state: StateFolder, onFault: (error: unknown) => void): Tokens {
  const transient = new Map<string, Token>();
  const unknownKey = randomBytes(32).toString("hex");
  const revocations = new Map<string, AbortController>();
  let known = new Map<string, Token>();

  function refresh(): void {
    known = new Map([...listTokens(state).map((token) => [token.id, token] as const), ...transient]);
    for (const [id, controller] of revocations) {
      if (known.has(id)) continue;
      revocations.delete(id);
      controller.abort();
    }
  }

  /** An id that is not known may have been made a moment ago; one that is known may have been revoked. */
  function lookUp(id: string): Token | undefined {
    const token = known.get(id);
    if (token === undefined || !(transient.has(id) || state.exists(fileOf(token.name)))) refresh();
    return known.get(id);
  }

  refresh();
  const timer = setInterval(() => {
    try {
      refresh();
    } catch (error) {
      onFault(error);
    }
  }, REFRESH_MS);
  timer.unref();

  return {
    find(text) {
      const [id = "", secret = ""] = text.split(".");
      const token = lookUp(id);
      const given = Buffer.from(hashOf(secret), "hex");
      const matches = timingSafeEqual(given, Buffer.from(token?.hash ?? unknownKey, "hex"));
      return matches ? token : undefined;
    },
    prove(id, challenge) {
      const hash = lookUp(id)?.hash ?? createHmac("sha256", unknownKey).update(id).digest("hex");
      return proofOf(hash, challenge);
    },
    revoked(id) {
      const controller = revocations.get(id) ?? new AbortController();
      revocations.set(id, controller);
      return controller.signal;
    },
    addTransient(name, scopes) {
      const { text, token } = mint(name, scopes);
      transient.set(token.id, token);
      known.set(token.id, token);
      return text;
    },
    close() {
      clearInterval(timer);
    },
  };
}
