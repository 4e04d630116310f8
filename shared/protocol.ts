/** Every number and name of the wire that is not an operation's own. Units are in the names. */
export const PROTOCOL = { min: 1, max: 1 } as const;
export const PRODUCT = "puente";
export const VERSION = "0.1.0";
/** How a user calls the command line, in the folder of Puente. A bare `puente` is on nobody's path. */
export const COMMAND = "npm run --silent puente --";

export const DEFAULT_PORT = 27183;
export const JSON_TYPE = "application/json";
export const PROBLEM_TYPE = "application/problem+json";
export const BYTES_TYPE = "application/octet-stream";
export const EVENTS_TYPE = "text/event-stream";
/** Lines of JSON with a payload behind each. */
export const FRAMES_TYPE = "application/x-puente-frames";

export const LIMITS = {
  /** Largest body of a JSON call. */
  jsonBytes: 1024 * 1024,
  /** Largest file that is read or written whole. */
  fileBytes: 64 * 1024 * 1024,
  /** Text that one read-many answers with; the rest is named in `leftOut`. */
  readManyBytes: 8 * 1024 * 1024,
  readManyPaths: 4096,
  /** Largest body of an apply, and most edits of one. */
  applyBytes: 8 * 1024 * 1024,
  applyEdits: 1000,
  /** Operations of one page of the history, and paths that it names of each. */
  historyPage: 100,
  historyPaths: 20,
  /** Kept of each root, so that it can be undone; the configuration may say other bytes and days. */
  historyBytes: 256 * 1024 * 1024,
  historyDays: 30,
  historyOperations: 5000,
  pathBytes: 4096,
  nameBytes: 255,
  depth: 64,
  listEntries: 10_000,
  /** Changes kept for cursors; an older cursor answers `overflow`. */
  changes: 20_000,
  /** A larger file is not searched. */
  searchFileBytes: 16 * 1024 * 1024,
  /** What one search answers at most. */
  searchMatches: 10_000,
  /** Of a line that is told with a match. */
  searchLineBytes: 512,
  /** Lines before and after a match. */
  searchContext: 5,
  searchGlobs: 64,
  /** Files that took too long before a search gives up. */
  searchTooSlow: 8,
  /** Searches under way, of all tokens together. */
  searches: 8,
  longPollSeconds: 25,
  /** Long polls that one token may hold at once. */
  waits: 8,
  /** Streams that one token may hold open outside of the link; --stream-cap says otherwise. */
  streams: 6,
  /** Streams outside of the link, of all tokens together. */
  allStreams: 64,
  upstreams: 64,
  /** JSON of one chat's input, and of one event of its answer. */
  chatBytes: 3 * 1024 * 1024,
  chatMessages: 1000,
  chatTools: 64,
  /** Pictures of one message, and the bytes of all pictures of one chat. */
  chatImages: 16,
  chatImageBytes: 20 * 1024 * 1024,
  /** Chats under way, of all tokens together. */
  chats: 16,
  models: 2000,
  /** How long discovery waits for a local server. */
  discoveryMs: 300,
  /** The rest of a relay's target, its query included. */
  restBytes: 8192,
  relayHeaders: 64,
  /** Until the body of a call is whole; that of a relay may take as long as it needs, with no silence longer than this. */
  bodySeconds: 30,
  /** Unless the configuration says otherwise: how long a client may take nothing of what waits for it. */
  clientStallSeconds: 120,
  /** Body of a relayed request that is opened on the link; over HTTP it is streamed and has no limit. */
  relayBodyBytes: 8 * 1024 * 1024,
  /** Longest event or line that an SSE relay waits for the end of. */
  eventBytes: 512 * 1024,
  /** Of an upstream's error, how much of its body a problem carries, and how long it is waited for. */
  errorBodyBytes: 64 * 1024,
  errorBodySeconds: 5,
  /** Silence after which an event stream, of a relay or of a watch, sends a comment. */
  eventHeartbeatSeconds: 8,
  /** Largest WebSocket message. */
  messageBytes: 64 * 1024 * 1024,
  /** What waits to be sent on a WebSocket before its other side is paused: bytes, and messages, which cost more than their bytes. */
  socketBufferBytes: 256 * 1024,
  socketMessages: 64,
  /** How long a WebSocket may take nothing of what waits for it. */
  socketStallSeconds: 30,
  /** Between two pings of a WebSocket; a client that answers none in two intervals has gone. */
  socketPingSeconds: 10,
  /** How long a WebSocket waits for the other side's close. */
  socketCloseSeconds: 1,
  upstreamConnectSeconds: 5,
  /** Unless the configuration says otherwise: until an upstream's first byte, and between two. */
  upstreamSilenceSeconds: 600,
  pairingSeconds: 120,
  pairingTries: 5,
  pairings: 5,
  /** Links that one token may hold at once: a Studio each. */
  links: 8,
  /** Open streams, and calls that wait for their reply, of one link. */
  linkStreams: 128,
  linkCalls: 64,
  /** Bodies of calls that are under way on one link. */
  linkBodyBytes: 32 * 1024 * 1024,
  /** Longest header line from Studio: the opening of a chat, and some for what is around its input. */
  linkHeadBytes: 3 * 1024 * 1024 + 4096,
  /** Largest message from Studio. What is larger goes by HTTP. */
  linkMessageBytes: 4 * 1024 * 1024,
  /** Largest reply over the link. What is larger is asked for over HTTP. */
  linkReplyBytes: 4 * 1024 * 1024,
  /** Payload of one `data`. */
  linkDataBytes: 64 * 1024,
  /** What the plugin opens a stream with, and keeps granting. */
  linkCreditBytes: 256 * 1024,
  /** What one side keeps of what it sent until the other has acked it, and for how long. */
  linkKeptBytes: 8 * 1024 * 1024,
  linkKeptSeconds: 120,
  /** Messages of a link's streams that their upstreams have not taken yet; one stream alone may fill half of it. */
  linkSendBytes: 8 * 1024 * 1024,
  linkBeatSeconds: 10,
  /** Two beats missed: the connection is taken for dead, the session lives on. */
  linkSilenceSeconds: 25,
  linkHelloSeconds: 10,
  /** What may wait in a connection for the reader before nothing more is given to it, and how long it may stay so. */
  linkPauseBytes: 1024 * 1024,
  linkStallSeconds: 30,
} as const;

/** How many seconds the plugin waits longer than the daemon holds a long poll. */
export const LONG_POLL_MARGIN_SECONDS = 10;
