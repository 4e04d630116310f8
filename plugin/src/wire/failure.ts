import type { LocalCode } from "./local-problem.js";
import { type AnyProblem, localProblem } from "./problem.js";

/**
 * What RequestAsync throws, in lower case, and what that is to us. The first that fits counts.
 * A port on which nobody listens is `ConnectFail` on most machines, `NetFail` or `Unknown` on some.
 */
const THROWN: readonly (readonly [says: string, code: LocalCode])[] = [
  ["http requests are not enabled", "http-disabled"],
  ["only be executed by game server", "play-client"],
  ["number of requests exceeded limit", "quota-spent"],
  ["toomanyoutstandingrequests", "quota-spent"],
  ["timedout", "timed-out"],
  ["inactivitytimeout", "timed-out"],
  ["connectionclosed", "connection-lost"],
  ["aborted", "connection-lost"],
  ["connectfail", "daemon-offline"],
  ["netfail", "daemon-offline"],
  ["httperror: unknown", "daemon-offline"],
  ["dnsresolve", "daemon-offline"],
  ["trust check failed", "address-refused"],
  ["invalidurl", "address-refused"],
  ["empty url", "address-refused"],
  ["err_access_denied", "address-refused"],
  ["serverprotocolerror", "not-puente"],
  ["sslconnectfail", "not-puente"],
];

/** A thrown text of RequestAsync as a problem. */
export function failureOf(thrown: unknown): AnyProblem {
  const text = tostring(thrown);
  const lower = text.lower();
  const found = THROWN.find(([says]) => lower.find(says, 1, true)[0] !== undefined);
  return found === undefined ? localProblem("fault", text) : localProblem(found[1]);
}

/** Whether a problem means that the daemon cannot be reached now, whatever is asked of it. */
export function losesConnection(problem: AnyProblem): boolean {
  return (
    problem.code === "unauthorized" ||
    problem.code === "shutting-down" ||
    problem.code === "not-puente" ||
    problem.code === "wrong-daemon" ||
    (problem.code !== "fault" && THROWN.some(([, code]) => code === problem.code))
  );
}
