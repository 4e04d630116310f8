import { createHash, createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface Behaviour {
  /** What it says to `session/hello`; by default what a daemon says. */
  readonly hello?: unknown;
  /** A status for everything, with a page that is no problem document. */
  readonly status?: number;
  /** The problem that `session/pairing` ends with. */
  readonly pairingProblem?: { readonly status: number; readonly code: string; readonly detail: string };
  /** Operations that it answers with 401. */
  readonly refuses?: readonly string[];
  /** The secret of a token that it knows: its proofs are right. */
  readonly secret?: string;
  /** The port it takes; any by default. */
  readonly port?: number;
}

/** A program that is not the daemon and answers on a port of its own. */
export interface Impostor {
  readonly url: string;
  /** The bodies of what was asked of an operation. */
  asked(name: string): string[];
  /** Every byte that was sent to it: targets, headers, bodies. */
  everything(): string;
  close(): Promise<void>;
}

/** What it says to the rest: a wrong proof, and a pairing that leads nowhere. */
const ANSWERS: Readonly<Record<string, unknown>> = {
  "/v1/session/prove": { proof: "0".repeat(64) },
  "/v1/session/pair": { pairing: "p1", code: "000-000", expiresInSeconds: 120 },
};
const HELLO = { name: "puente", version: "0.1.0", protocol: { min: 1, max: 1 } };

function proofOf(secret: string, body: string): string {
  const key = createHash("sha256").update(secret).digest();
  return createHmac("sha256", key).update(JSON.parse(body).challenge).digest("hex");
}

export async function startImpostor(behaviour: Behaviour): Promise<Impostor> {
  const { hello = HELLO, status, pairingProblem, refuses = [], secret, port = 0 } = behaviour;
  const requests: { target: string; headers: string; body: string }[] = [];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const target = request.url ?? "";
    requests.push({ target, headers: request.rawHeaders.join("\n"), body: Buffer.concat(parts).toString() });
    if (status !== undefined) {
      response.writeHead(status, { "content-type": "text/html" }).end("<p>not here</p>");
      return;
    }
    if (target === "/v1/session/pairing" && pairingProblem !== undefined) {
      const { status, ...problem } = pairingProblem;
      response.writeHead(status, { "content-type": "application/problem+json" }).end(JSON.stringify(problem));
      return;
    }
    if (refuses.some((name) => target === `/v1/${name}`)) {
      response
        .writeHead(401, { "content-type": "application/problem+json" })
        .end(JSON.stringify({ code: "unauthorized", detail: "Refused." }));
      return;
    }
    if (target === "/v1/session/prove" && secret !== undefined) {
      const proof = proofOf(secret, Buffer.concat(parts).toString());
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ proof }));
      return;
    }
    response
      .writeHead(200, { "content-type": "application/json" })
      .end(JSON.stringify(target === "/v1/session/hello" ? hello : ANSWERS[target]));
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: (name) => requests.filter(({ target }) => target === `/v1/${name}`).map(({ body }) => body),
    everything: () => JSON.stringify(requests),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
