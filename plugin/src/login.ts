import type { Credential, Credentials } from "./credentials.js";
import type { Budget } from "./wire/budget.js";
import { createCaller } from "./wire/call.js";
import type { TokenCaller } from "./wire/caller.js";
import { greet } from "./wire/greeting.js";
import { localProblem, problemOf } from "./wire/problem.js";

export interface Login {
  /** Sends the token of the present login, and none before there is one. */
  readonly caller: TokenCaller;
  /**
   * Finds out what answers, has it prove that it knows one of our tokens, and shows it that token. Rejects with
   * `not-paired` where there is none to try, `unauthorized` or `wrong-daemon` where none fits.
   * Only here is a token ever forgotten: where it is refused by whom has just proved to know it. Anybody else on the
   * port could refuse it as well.
   */
  enter(): Promise<void>;
}

export interface LoginOptions {
  readonly http: HttpService;
  readonly encoding: EncodingService;
  readonly budget: Budget;
  readonly credentials: Credentials;
  /** Seconds. */
  readonly clock: () => number;
}

export function createLogin({ http, encoding, budget, credentials, clock }: LoginOptions): Login {
  let current: Credential | undefined;
  const caller = createCaller({
    http,
    encoding,
    budget,
    url: () => credentials.address(),
    token: () => current?.token,
    clock,
  });

  return {
    caller,
    /** Every token is tried: the one that came with the plugin may be revoked, and a later pairing still good. */
    async enter() {
      current = undefined;
      await greet(caller);
      let problem = localProblem("not-paired");
      for (const credential of credentials.all()) {
        try {
          current = credential;
          await caller.prove();
          await caller.call("session/who", {});
          return;
        } catch (thrown) {
          current = undefined;
          problem = problemOf(thrown);
          if (problem.code === "unauthorized") credentials.forget(credential);
          else if (problem.code !== "wrong-daemon") throw problem;
        }
      }
      throw problem;
    },
  };
}
