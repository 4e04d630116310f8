/** Every failure that crosses the wire: its code, its HTTP status, and what it means to the caller. */
export const PROBLEMS = {
  "malformed-request": { status: 400, means: "The request is not well-formed HTTP or not JSON." },
  "invalid-input": { status: 400, means: "A field is missing, unknown, or out of its range." },
  "invalid-path": { status: 400, means: "The path is not a plain relative path." },
  "bad-pattern": { status: 400, means: "The pattern or a glob is not one that search takes; `detail` says why." },
  unauthorized: { status: 401, means: "No token, or one that this daemon does not know. Pair again." },
  refused: { status: 403, means: "Refused: not a request from this machine's Studio or command line." },
  "scope-missing": { status: 403, means: "The token does not allow this operation." },
  "outside-root": { status: 403, means: "The path leads through a link, out of its root." },
  "denied-path": { status: 403, means: "The path is one that Puente never touches." },
  "no-permission": { status: 403, means: "The system does not allow it." },
  "read-only": { status: 403, means: "The root is served for reading only." },
  "no-operation": { status: 404, means: "There is no such operation." },
  "no-root": { status: 404, means: "There is no root of that name." },
  "no-upstream": { status: 404, means: "There is no upstream of that name." },
  "no-model": { status: 404, means: "No provider that is reached has a model of that name." },
  "no-pairing": { status: 404, means: "There is no such pairing, or it has expired." },
  "no-undo": { status: 404, means: "There is no such operation to undo, or its content is no longer kept." },
  "not-found": { status: 404, means: "There is no such file or folder." },
  "wrong-method": { status: 405, means: "The operation is called with another method." },
  "too-slow": { status: 408, means: "The request did not arrive in time." },
  "not-regular": { status: 409, means: "This is not a regular file." },
  "not-a-folder": { status: 409, means: "A part of the path is not a folder." },
  "is-a-folder": { status: 409, means: "There is a folder at this path." },
  changed: { status: 412, means: "The file is not as expected; `hash` says what it is now." },
  "session-lost": {
    status: 410,
    means: "The link's session is gone; what was under way may or may not have been done.",
  },
  "too-large": { status: 413, means: "More bytes than the limit." },
  "context-too-long": { status: 413, means: "The conversation is longer than the model takes. Leave something out." },
  "only-over-http": { status: 413, means: "Too large for the link, or not text. Make this call over HTTP." },
  "wrong-type": { status: 415, means: "The body has another content type than the operation takes." },
  "not-text": { status: 422, means: "The file is not UTF-8 text. Read it as bytes." },
  "file-busy": { status: 423, means: "Another program holds the file. Try again." },
  "upgrade-refused": { status: 426, means: "No such protocol to upgrade to here." },
  "expect-missing": { status: 428, means: "A write says what it expects: a hash, `absent` or `any`." },
  "too-many-tries": { status: 429, means: "Too many wrong codes. Start pairing again." },
  "too-many-pairings": { status: 429, means: "Too many pairings wait for an answer." },
  "too-many-waits": { status: 429, means: "Too many calls of this token wait for changes." },
  "too-many-searches": { status: 429, means: "Too many searches are under way. Close one." },
  "too-many-streams": { status: 429, means: "The token holds as many streams as it may. Close one." },
  "too-many-links": { status: 429, means: "Each Studio holds a link; give this one a token of its own." },
  "too-many-calls": { status: 429, means: "Too many calls of this link are under way." },
  "too-many-chats": { status: 429, means: "Too many answers are under way. Stop one." },
  "provider-busy": {
    status: 429,
    means: "The provider takes no more for now; `retryAfterSeconds` says for how long, where it is known.",
  },
  "stream-overrun": { status: 429, means: "The stream was sent more than its upstream takes." },
  "headers-too-large": { status: 431, means: "The request's headers are too long." },
  internal: { status: 500, means: "A fault in the daemon; its log has the id." },
  "disk-error": { status: 500, means: "The disk failed." },
  "key-refused": {
    status: 502,
    means: "The provider does not accept its key, or wants one. It is set in the configuration.",
  },
  "upstream-unreachable": { status: 502, means: "The upstream cannot be reached." },
  "upstream-failed": { status: 502, means: "The upstream broke off, or does not speak well-formed HTTP." },
  "upstream-error": { status: 502, means: "The upstream answered with an error; `status` and `body` say which." },
  "upstream-refused": { status: 502, means: "The upstream refused the WebSocket; `status` is its answer." },
  "upstream-redirect": { status: 502, means: "The upstream points elsewhere. Redirects are not followed." },
  "upstream-encoding": { status: 502, means: "The upstream encoded its answer though it was asked not to." },
  "model-not-loaded": { status: 503, means: "The provider could not load the model; `detail` says why." },
  "shutting-down": { status: 503, means: "The daemon is ending." },
  "too-many-files": { status: 503, means: "The system has no file handle left. Try again." },
  "daemon-busy": { status: 503, means: "The daemon holds as many streams as it can. Try again." },
  "upstream-timeout": { status: 504, means: "The upstream was silent for too long." },
  "disk-full": { status: 507, means: "The disk is full. The old content is intact." },
} as const satisfies { readonly [code: string]: { readonly status: number; readonly means: string } };

export type ProblemCode = keyof typeof PROBLEMS;

/** A failure as it travels: `application/problem+json` over HTTP. */
export interface Problem {
  readonly code: ProblemCode;
  /** What went wrong here, for a person; never a secret and never a path outside the roots. */
  readonly detail: string;
  /** The path or the field it concerns. */
  readonly at?: string;
  /** With `changed`: the hash the file has now, or `absent`. */
  readonly hash?: string;
  /** Of an upstream's answer: its HTTP status. */
  readonly status?: number;
  /** Of an upstream's answer: its text, as far as LIMITS.errorBodyBytes. */
  readonly body?: string;
  /** With `provider-busy`: when to try again. */
  readonly retryAfterSeconds?: number;
}
