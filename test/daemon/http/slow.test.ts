import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startDaemon, type TestDaemon } from "../../support/daemon.js";
import { raw } from "../../support/raw.js";

let daemon: TestDaemon;
beforeAll(async () => {
  daemon = await startDaemon([]);
});
afterAll(() => daemon.close());

describe("check 19: clients that are slow", { concurrent: true }, () => {
  test("headers that never end → 408 within 14 s", async () => {
    const answer = await raw(
      daemon.port,
      `GET /v1/session/hello HTTP/1.1\r\nHost: 127.0.0.1:${daemon.port}\r\nX-Slow: `,
      14,
    );
    expect(answer.status).toBe(408);
  });

  test("a body that never ends → 408 within 34 s", async () => {
    const head = `POST /v1/session/who HTTP/1.1\r\nHost: 127.0.0.1:${daemon.port}\r\nAuthorization: Bearer ${daemon.token}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{`;
    const answer = await raw(daemon.port, head, 34);
    expect(answer.status, answer.text).toBe(408);
  });
});
