import { PRODUCT, PROTOCOL } from "../../../shared/protocol.js";
import type { Caller } from "./call.js";
import { localProblem } from "./problem.js";
import { proofOf } from "./proof.js";

/** Asks what answers; rejects with `not-puente` or `protocol-mismatch` where we cannot talk to it. */
export async function greet(caller: Caller): Promise<void> {
  const hello = await caller.call("session/hello", {});
  if (hello.name !== PRODUCT) throw localProblem("not-puente");
  if (hello.protocol.min > PROTOCOL.max) {
    throw localProblem(
      "protocol-mismatch",
      `The daemon (${hello.version}) is newer: update the plugin with \`puente plugin install\`.`,
    );
  }
  if (hello.protocol.max < PROTOCOL.min) {
    throw localProblem("protocol-mismatch", `This Studio's side is newer: update the daemon (${hello.version}).`);
  }
}

/**
 * Has the daemon prove that it knows the token, before the token is sent anywhere: a process that took the port while
 * the daemon was down learns nothing that opens anything. Rejects with `wrong-daemon`.
 * It does not protect against a process that takes the port between this proof and the next request; every lost
 * connection is therefore followed by a new proof.
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
  const { proof } = await caller.call("session/prove", { token: id, challenge });
  if (proof !== proofOf(encoding, secret, challenge)) throw localProblem("wrong-daemon");
}
