/** Every number and name of the wire that is not an operation's own. Units are in the names. */
export const PROTOCOL = { min: 1, max: 1 } as const;
export const PRODUCT = "puente";
export const VERSION = "0.1.0";

export const DEFAULT_PORT = 27183;
export const JSON_TYPE = "application/json";
export const PROBLEM_TYPE = "application/problem+json";
export const BYTES_TYPE = "application/octet-stream";

export const LIMITS = {
  /** Largest body of a JSON call. */
  jsonBytes: 1024 * 1024,
  /** Largest file that is read or written whole. */
  fileBytes: 64 * 1024 * 1024,
  /** Text that one read-many answers with; the rest is named in `leftOut`. */
  readManyBytes: 8 * 1024 * 1024,
  readManyPaths: 4096,
  pathBytes: 4096,
  nameBytes: 255,
  depth: 64,
  listEntries: 10_000,
  /** Changes kept for cursors; an older cursor answers `overflow`. */
  changes: 20_000,
  longPollSeconds: 25,
  /** Long polls that one token may hold at once. */
  waits: 8,
  pairingSeconds: 120,
  pairingTries: 5,
  pairings: 5,
} as const;

/** How many seconds the plugin waits longer than the daemon holds a long poll. */
export const LONG_POLL_MARGIN_SECONDS = 10;
