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
};
