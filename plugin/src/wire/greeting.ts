import { PRODUCT, PROTOCOL } from "../../../shared/protocol.js";
import { command } from "../command.js";
import type { Caller } from "./caller.js";
import { localProblem, problemOf } from "./problem.js";
import { proofOf } from "./proof.js";

/**
 * A daemon asks nobody who he is before it says hello and proves itself. Whatever does is another program, and its
 * refusal is no word about our token.
 */
function notRefused(thrown: unknown): never {
  const problem = problemOf(thrown);
  throw problem.code === "unauthorized" ? localProblem("wrong-daemon") : problem;
}

/** Asks what answers; rejects with `not-puente` or `protocol-mismatch` where we cannot talk to it. */
export async function greet(caller: Caller): Promise<void> {
  const hello = await caller.call("session/hello", {}).catch(notRefused);
  if (hello.name !== PRODUCT) throw localProblem("not-puente");
  if (hello.protocol.min > PROTOCOL.max) {
    throw localProblem(
      "protocol-mismatch",
      `The daemon (${hello.version}) is newer: update the plugin with \`${command("plugin install")}\`.`,
    );
  }
  if (hello.protocol.max < PROTOCOL.min) {
    throw localProblem("protocol-mismatch", `This Studio's side is newer: update the daemon (${hello.version}).`);
  }
}

/**
 * Has the daemon prove that it knows the token, before the token is sent anywhere: a process that took the port while
 * the daemon was down learns nothing that opens anything. Rejects with `wrong-daemon`.
 * When a proof has to be renewed, trust.ts decides.
 */
export async function demandProof(
  caller: Caller,
  http: HttpService,
  encoding: EncodingService,
  token: string,
): Promise<void> {
  const [id, secret] = token.match("^([^.]+)%.(.+)$") as LuaTuple<[string?, string?]>;
  if (id === undefined || secret === undefined) throw localProblem("not-paired");
  const challenge = `${http.GenerateGUID(false)}${http.GenerateGUID(false)}`;
  const { proof } = await caller.call("session/prove", { token: id, challenge }).catch(notRefused);
  if (proof !== proofOf(encoding, secret, challenge)) throw localProblem("wrong-daemon");
}
