import { PRODUCT, PROTOCOL, VERSION } from "../../shared/protocol.js";
import { fail } from "../fail.js";
import type { Handlers } from "../http/bind.js";
import type { HeldStream } from "../stream.js";
import type { Pairings } from "./pairing.js";
import type { Tokens } from "./tokens.js";

export function sessionRoutes(
  tokens: Tokens,
  pairings: Pairings,
  streamsOf: (token: string) => HeldStream[],
): Handlers<
  | "session/hello"
  | "session/prove"
  | "session/pair"
  | "session/pairing"
  | "session/who"
  | "session/pairings"
  | "session/answer"
> {
  return {
    "session/hello": () => ({ name: PRODUCT, version: VERSION, protocol: PROTOCOL }),
    "session/prove": ({ token, challenge }) => ({ proof: tokens.prove(token, challenge) }),
    "session/pair": (input) => pairings.start(input),
    "session/pairing": ({ pairing }, { signal }) => pairings.verdict(pairing, signal),
    "session/who": (_input, { token }) => {
      if (token === undefined) return fail("unauthorized", "No token.");
      return {
        token: token.id,
        name: token.name,
        scopes: [...token.scopes],
        streams: streamsOf(token.id).map((stream) => ({ ...stream })),
      };
    },
    "session/pairings": () => pairings.list(),
    "session/answer": (input) => pairings.answer(input),
  };
}
