import { randomBytes, randomInt } from "node:crypto";
import type { Input, Output } from "../../shared/contract/index.js";
import { LIMITS } from "../../shared/protocol.js";
import { fail } from "../fail.js";
import { isScope } from "./scopes.js";

type Scopes = Input<"session/pair">["scopes"];

interface Pairing {
  readonly pairing: string;
  readonly client: string;
  readonly scopes: Scopes;
  readonly code: string;
  readonly expiresMs: number;
  wrongTries: number;
  verdict: "waiting" | "approved" | "refused" | "voided";
  readonly waiting: Set<() => void>;
}

export interface Pairings {
  start(input: Input<"session/pair">): Output<"session/pair">;
  /** Waits for the verdict, at most LIMITS.longPollSeconds. */
  verdict(pairing: string, signal: AbortSignal): Promise<Output<"session/pairing">>;
  list(): Output<"session/pairings">;
  answer(input: Input<"session/answer">): Output<"session/answer">;
  close(): void;
}

const SECOND_MS = 1000;

/**
 * Pairings in memory; they end with the daemon.
 * The danger: a program without a token asks for one and hopes that the user approves the wrong request.
 * The rule: the user types the code that Studio shows; a code serves once, for two minutes, and five wrong ones void every pairing that waits.
 */
export function createPairings(
  makeToken: (client: string, scopes: readonly string[]) => string,
  announce: (pairing: { client: string; scopes: readonly string[]; code: string }) => void,
): Pairings {
  const pairings = new Map<string, Pairing>();

  function settle(pairing: Pairing, verdict: Pairing["verdict"]): void {
    pairing.verdict = verdict;
    for (const wake of pairing.waiting) wake();
  }

  function dropExpired(): void {
    for (const pairing of pairings.values()) {
      if (pairing.expiresMs > Date.now()) continue;
      pairings.delete(pairing.pairing);
      settle(pairing, "voided");
    }
  }

  const waiting = () => [...pairings.values()].filter((pairing) => pairing.verdict === "waiting");

  function countWrongTry(): never {
    let voided = 0;
    for (const pairing of waiting()) {
      pairing.wrongTries += 1;
      if (pairing.wrongTries < LIMITS.pairingTries) continue;
      settle(pairing, "voided");
      voided += 1;
    }
    if (voided > 0) fail("too-many-tries", "Too many wrong codes. Start pairing again.");
    return fail("no-pairing", "No pairing waits with this code.");
  }

  /** Whoever asks and does not wait for the verdict must not keep others from asking. */
  function dropForsaken(): void {
    const forsaken = waiting().find(({ waiting }) => waiting.size === 0);
    if (forsaken === undefined) fail("too-many-pairings", "Answer the pairings that wait, or let them expire.");
    pairings.delete(forsaken.pairing);
    settle(forsaken, "voided");
  }

  function freshCode(): string {
    const taken = new Set([...pairings.values()].map(({ code }) => code));
    for (;;) {
      const digits = randomInt(1_000_000).toString().padStart(6, "0");
      const code = `${digits.slice(0, 3)}-${digits.slice(3)}`;
      if (!taken.has(code)) return code;
    }
  }

  return {
    start({ client, scopes }) {
      dropExpired();
      if (waiting().length >= LIMITS.pairings) dropForsaken();
      if (scopes.length === 0) fail("invalid-input", "scopes: at least one");
      for (const scope of scopes) if (!isScope(scope)) fail("invalid-input", `scopes: there is no scope ${scope}`);
      const pairing: Pairing = {
        pairing: randomBytes(16).toString("hex"),
        client,
        scopes,
        code: freshCode(),
        expiresMs: Date.now() + LIMITS.pairingSeconds * SECOND_MS,
        wrongTries: 0,
        verdict: "waiting",
        waiting: new Set(),
      };
      pairings.set(pairing.pairing, pairing);
      announce(pairing);
      return { pairing: pairing.pairing, code: pairing.code, expiresInSeconds: LIMITS.pairingSeconds };
    },

    async verdict(id, signal) {
      dropExpired();
      const pairing = pairings.get(id) ?? fail("no-pairing", "This pairing has expired. Start again.");
      if (pairing.verdict === "waiting") await changeOf(pairing, signal);
      signal.throwIfAborted(); // A token that nobody receives is not made.
      dropExpired();
      switch (pairing.verdict) {
        case "waiting":
          return { state: "waiting" };
        case "refused":
          pairings.delete(id);
          return { state: "refused" };
        case "voided":
          pairings.delete(id);
          if (pairing.wrongTries < LIMITS.pairingTries) fail("no-pairing", "This pairing has expired. Start again.");
          return fail("too-many-tries", "Too many wrong codes were typed. Start again.");
        case "approved":
          if (!pairings.delete(id)) fail("no-pairing", "This pairing's token has been handed over.");
          return { state: "approved", token: makeToken(pairing.client, pairing.scopes) };
      }
    },

    list() {
      dropExpired();
      return {
        pairings: waiting().map(({ pairing, client, scopes, code, expiresMs }) => ({
          pairing,
          client,
          scopes,
          code,
          expiresInSeconds: Math.ceil((expiresMs - Date.now()) / SECOND_MS),
        })),
      };
    },

    answer({ code, verdict }) {
      dropExpired();
      const digits = code.replaceAll(/\D/g, "");
      const pairing = waiting().find((candidate) => candidate.code.replace("-", "") === digits) ?? countWrongTry();
      settle(pairing, verdict === "approve" ? "approved" : "refused");
      return { client: pairing.client, scopes: pairing.scopes };
    },

    close() {
      for (const pairing of pairings.values()) {
        for (const wake of pairing.waiting) wake();
      }
    },
  };
}

/** Resolves when the verdict falls, the pairing expires, the long poll is over, or the client has gone. */
function changeOf(pairing: Pairing, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      pairing.waiting.delete(end);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const leftMs = Math.min(LIMITS.longPollSeconds * SECOND_MS, pairing.expiresMs - Date.now() + 1);
    const timer = setTimeout(end, leftMs);
    pairing.waiting.add(end);
    signal.addEventListener("abort", end, { once: true });
  });
}
