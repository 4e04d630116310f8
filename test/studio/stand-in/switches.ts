/** What Studio lets its user set, and what is not known for sure of Studio. README.md says what each one stands for. */
export interface Switches {
  signals: "immediate" | "deferred";
  handlerOrder: "newestFirst" | "oldestFirst";
  httpEnabled: boolean;
  connectFailText: "ConnectFail" | "NetFail" | "Unknown";
  localhostFirst: "127.0.0.1" | "::1";
  quotaPerMinute: number;
  pluginSlots: number;
  responseTimeoutSeconds: number;
  connectTimeoutSeconds: number;
  scriptTimeoutSeconds: number;
  timeScale: number;
  secrets: Readonly<Record<string, string>>;
  scriptEdits: "taken" | "missed" | "refused";
  /** "server": a game server, where there are no stream clients. */
  profile: "studio" | "server";
  streamClients: number;
  streamSlotFreedBy: "end" | "Close";
  streamEventsAt: "frame" | "arrival";
  readBytes: number;
  streamFailure: "Error" | "ErrorThenClosed" | "ClosedThenError";
  streamCutStatus: "none" | "response";
  inactivitySeconds: number;
  inactivityBeforeOpened: boolean;
  webSocketInactivity: boolean;
  streamAgeSeconds: number;
  streamAgeEnds: "Closed" | "Error";
  webSocketAges: boolean;
  webSocketOpenedStatus: number;
  webSocketOpenedHeaders: "raw" | "empty";
  webSocketErrorStatus: number;
  sseRefusalStatus: "response" | "none";
  sseErrorStatus: "opens" | "fails";
  sseMessages: "reads" | "payloads";
  sendBeforeOpened: "queued" | "dropped" | "error";
  sendAfterClose: "dropped" | "error";
  sendInvalidUtf8: "sent" | "replaced" | "error";
  closeFires: "atOnce" | "deferred";
  closeWhileConnecting: "Closed" | "nothing";
  errorAfterClose: boolean;
  streamRedirects: "followed" | "passed";
  streamGzip: "unpacked" | "raw" | "notAsked";
  streamsCountInQuota: boolean;
  streamsTakeSlots: boolean;
}

export const defaultSwitches: Switches = {
  signals: "immediate",
  handlerOrder: "newestFirst",
  httpEnabled: true,
  connectFailText: "ConnectFail",
  localhostFirst: "127.0.0.1",
  quotaPerMinute: 2_000,
  pluginSlots: 5,
  responseTimeoutSeconds: 120,
  connectTimeoutSeconds: 60,
  scriptTimeoutSeconds: 10,
  timeScale: 1,
  secrets: {},
  scriptEdits: "taken",
  profile: "studio",
  streamClients: 6,
  streamSlotFreedBy: "end",
  streamEventsAt: "frame",
  readBytes: 16_384,
  streamFailure: "Error",
  streamCutStatus: "none",
  inactivitySeconds: 20,
  inactivityBeforeOpened: false,
  webSocketInactivity: false,
  streamAgeSeconds: 1_800,
  streamAgeEnds: "Closed",
  webSocketAges: true,
  webSocketOpenedStatus: 101,
  webSocketOpenedHeaders: "raw",
  webSocketErrorStatus: -1,
  sseRefusalStatus: "response",
  sseErrorStatus: "opens",
  sseMessages: "reads",
  sendBeforeOpened: "queued",
  sendAfterClose: "dropped",
  sendInvalidUtf8: "sent",
  closeFires: "atOnce",
  closeWhileConnecting: "Closed",
  errorAfterClose: false,
  streamRedirects: "followed",
  streamGzip: "unpacked",
  streamsCountInQuota: true,
  streamsTakeSlots: false,
};
