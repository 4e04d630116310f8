import { LIMITS } from "../../shared/protocol.js";
import { fail } from "../fail.js";

/** Printable ASCII without fragment and backslash. */
const WRITTEN = /^[!"$-[\]^-~]*$/;

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return fail("invalid-path", "The upstream's path does not decode to UTF-8.");
  }
}

/** Whether a part of the path, decoded, means another folder. */
function isDots(segment: string): boolean {
  return decoded(segment)
    .split(/[/\\]/)
    .some((part) => part === "." || part === "..");
}

/**
 * The URL of a call to an upstream.
 * The danger: a rest as `@evil`, `//evil` or `..` leads to another server or another part of this one.
 * The rule: the rest is a plain path below the base, and what the URL parser makes of it is looked at once more.
 * @param rest what follows the upstream's name: a path without a first slash, and a query.
 */
export function targetOf(base: URL, rest: string): URL {
  if (rest.length > LIMITS.restBytes)
    fail("invalid-path", `The upstream's path is longer than ${LIMITS.restBytes} bytes.`);
  if (!WRITTEN.test(rest)) fail("invalid-path", "The upstream's path holds what a URL does not.");
  const query = rest.indexOf("?");
  const path = query < 0 ? rest : rest.slice(0, query);
  const folder = base.pathname.replace(/\/$/, "");
  if (path.startsWith("@")) fail("invalid-path", "The upstream's path starts with `@`.");
  const segments = path.split("/");
  if (segments.slice(0, -1).includes("")) fail("invalid-path", "The upstream's path has an empty part.");
  if (segments.some(isDots)) fail("invalid-path", "The upstream's path has `.` or `..` in it.");
  const url = new URL(
    `${base.origin}${path === "" ? base.pathname : `${folder}/${path}`}${query < 0 ? "" : rest.slice(query)}`,
  );
  const isBelow = url.pathname === base.pathname || url.pathname.startsWith(`${folder}/`);
  if (url.origin !== base.origin || !isBelow || url.username !== "" || url.password !== "") {
    fail("invalid-path", "The upstream's path leads out of it.");
  }
  return url;
}
