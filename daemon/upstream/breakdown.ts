import { Failure } from "../fail.js";

const UNKNOWN_NAME = new Set(["ENOTFOUND", "EAI_AGAIN"]);
const UNREACHABLE = new Set(["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "EADDRNOTAVAIL", "ETIMEDOUT", "EACCES"]);
const UNTRUSTED = /^(?:CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_|ERR_SSL_|EPROTO)/;

/** What went wrong with an upstream, in words that name it and nothing of its address. */
export function breakdownOf(name: string, error: unknown): Failure {
  if (error instanceof Failure) return error;
  const given: unknown = (error as { readonly code?: unknown } | undefined)?.code;
  // An abort's code is a number.
  const code = typeof given === "string" ? given : "";
  if (UNKNOWN_NAME.has(code)) {
    return new Failure({ code: "upstream-unreachable", detail: `The upstream ${name} has a name that nobody knows.` });
  }
  if (UNREACHABLE.has(code)) {
    return new Failure({ code: "upstream-unreachable", detail: `The upstream ${name} takes no connection (${code}).` });
  }
  if (UNTRUSTED.test(code)) {
    return new Failure({ code: "upstream-unreachable", detail: `The upstream ${name} cannot be trusted (${code}).` });
  }
  const detail = code.startsWith("HPE_")
    ? `The upstream ${name} does not speak well-formed HTTP.`
    : `The upstream ${name} broke off.`;
  return new Failure({ code: "upstream-failed", detail });
}
