/** Headers that a plugin may not set. */
const LOCKED_HEADERS = new Set([
  "accept-encoding",
  "connection",
  "content-length",
  "expect",
  "forwarded",
  "host",
  "proxy-connection",
  "roblox-id",
  "user-agent",
  "via",
  "x-att-deviceid",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
  "x-wap-profile",
]);

export const FIXED_HEADERS = {
  Accept: "*/*",
  "Accept-Encoding": "gzip, deflate",
  "Cache-Control": "no-cache",
  "Roblox-Id": "0",
  "User-Agent": "RobloxStudio/WinInet",
};

/** The `HttpError` names that a transport failure can carry; the thrown text is `HttpError: ` and the name. */
export type Failure =
  | "ConnectFail"
  | "ConnectionClosed"
  | "DnsResolve"
  | "InactivityTimeout"
  | "InvalidRedirect"
  | "NetFail"
  | "SslConnectFail"
  | "SslVerificationFail"
  | "Timedout"
  | "TooManyRedirects"
  | "Unknown";

export function lockedHeader(headers: Record<string, string>): string | undefined {
  return Object.keys(headers).find((name) => LOCKED_HEADERS.has(name.toLowerCase()));
}

/** Parses what HttpService takes for a URL. */
export function webUrl(text: string, schemes: readonly string[] = ["http:", "https:"]): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url !== undefined && schemes.includes(url.protocol) ? url : undefined;
}

/** Ports below 1024 are closed except the web's two, and so is 1194. */
export function closedPort(url: URL): boolean {
  const port = Number(url.port || 80);
  return port === 1_194 || (port < 1_024 && port !== 80 && port !== 443);
}

export function failureOf(error: NodeJS.ErrnoException, connectFail: Failure): Failure {
  const code = error.code ?? "";
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "DnsResolve";
  if (code === "ECONNREFUSED" || code === "EHOSTUNREACH" || code === "ENETUNREACH") return connectFail;
  if (code === "ECONNRESET" || code === "EPIPE") return "ConnectionClosed";
  if (code === "ETIMEDOUT") return "Timedout";
  if (/CERT|SELF_SIGNED|UNABLE_TO/.test(code)) return "SslVerificationFail";
  if (/SSL|EPROTO/.test(code)) return "SslConnectFail";
  return code.startsWith("HPE_") || code.startsWith("Z_") ? "NetFail" : "Unknown";
}
