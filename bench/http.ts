import { Agent, request } from "node:http";

const agent = new Agent({ keepAlive: true });

interface Sending {
  readonly token?: string;
  readonly json?: unknown;
  /** Sent as they are; instead of `json`. */
  readonly bytes?: string;
}

/** One request on a kept connection; answers the body. Throws at any status but 200. */
export function fetchBytes(url: string, init: Sending = {}): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const headers = {
      ...(init.token !== undefined && { authorization: `Bearer ${init.token}` }),
      ...(init.json !== undefined && { "content-type": "application/json" }),
      ...(init.bytes !== undefined && { "content-type": "application/octet-stream" }),
    };
    const body = init.json === undefined ? init.bytes : JSON.stringify(init.json);
    const call = request(url, { method: body === undefined ? "GET" : "POST", headers, agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const answer = Buffer.concat(chunks);
        if (response.statusCode === 200) resolve(answer);
        else reject(new Error(`${url}: ${response.statusCode} ${answer.toString().slice(0, 200)}`));
      });
    });
    call.on("error", reject);
    call.end(body);
  });
}

export async function fetchJson<T>(url: string, init: { token?: string; json?: unknown } = {}): Promise<T> {
  return JSON.parse((await fetchBytes(url, init)).toString()) as T;
}

/** Closes the kept connections, so that the next daemon starts with none. */
export function closeConnections(): void {
  agent.destroy();
}
