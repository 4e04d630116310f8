import { connect } from "node:net";
import { expect, test } from "vitest";
import { requestText } from "../../support/raw.js";
import { relaying } from "../../support/relaying.js";

const MEBIBYTE = 1024 * 1024;
const scene = relaying();

test("a socket's client may take longer than 30 s for one message, as long as it takes some of it", async () => {
  const bytes = 60 * MEBIBYTE;
  const client = connect(scene.daemon.port, "127.0.0.1");
  client.write(
    requestText("GET /v1/relay/socket/up/x", [
      ["host", `127.0.0.1:${scene.daemon.port}`],
      ["authorization", `Bearer ${scene.daemon.token}`],
      ["connection", "Upgrade"],
      ["upgrade", "websocket"],
      ["sec-websocket-version", "13"],
      ["sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="],
    ]),
  );
  const upstream = await scene.origin.nextSocket();
  upstream.send(Buffer.alloc(bytes));
  const startedMs = Date.now();
  let received = 0;
  for await (const chunk of client) {
    received += (chunk as Buffer).length;
    if (received >= bytes) break;
    await new Promise((resolve) => setTimeout(resolve, (chunk as Buffer).length / 1600));
  }
  expect(received).toBeGreaterThanOrEqual(bytes);
  expect(Date.now() - startedMs).toBeGreaterThan(35_000);
  client.destroy();
  upstream.terminate();
});
