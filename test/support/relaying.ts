import { type ClientRequest, type IncomingMessage, request } from "node:http";
import { afterAll, beforeAll } from "vitest";
import { WebSocket } from "ws";
import { resolveUpstream, type UpstreamSetting } from "../../daemon/upstream/upstream.js";
import { startDaemon, type TestDaemon } from "./daemon.js";
import { within } from "./deadline.js";
import { type Origin, startOrigin } from "./origin.js";

export interface Relaying {
  readonly daemon: TestDaemon;
  readonly origin: Origin;
}

/** An origin named `up`, and a daemon before it, for all the tests of a file. */
export function relaying(
  setting: Partial<UpstreamSetting> = {},
  others: readonly UpstreamSetting[] = [],
  streamCap = 6,
): Relaying {
  const made: { daemon?: TestDaemon; origin?: Origin } = {};
  beforeAll(async () => {
    made.origin = await startOrigin();
    const upstreams = [{ name: "up", url: made.origin.url, ...setting }, ...others].map(resolveUpstream);
    made.daemon = await startDaemon([], 0, { upstreams, streamCap });
  });
  afterAll(async () => {
    await made.daemon?.close();
    await made.origin?.close();
  });
  const theDaemon = () => made.daemon as TestDaemon;
  const theOrigin = () => made.origin as Origin;
  return {
    get daemon() {
      return theDaemon();
    },
    get origin() {
      return theOrigin();
    },
  };
}

export interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly token?: string;
}

export interface Exchange {
  readonly outgoing: ClientRequest;
  /** Once the headers of the answer have come. */
  readonly answer: Promise<IncomingMessage>;
}

/** Sends a request to a daemon; the answer is read by whoever wants it. */
export function send(daemon: Pick<TestDaemon, "port" | "token">, target: string, asked: Asked = {}): Exchange {
  const { method = "GET", headers = {}, body, token = daemon.token } = asked;
  const outgoing = request({
    host: "127.0.0.1",
    port: daemon.port,
    path: `/v1/relay/${target}`,
    method,
    headers: { authorization: `Bearer ${token}`, ...headers },
    agent: false,
  });
  const answer = new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.once("response", resolve);
    outgoing.on("error", reject);
  });
  outgoing.end(body);
  const timely = within(15, `an answer to ${target}`, answer);
  timely.catch(() => undefined); // A test that vanishes does not ask.
  return { outgoing, answer: timely };
}

export interface Whole {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
  /** Whether the answer ended as HTTP says it ends. */
  readonly isClean: boolean;
}

/** Reads an answer to its end, clean or not. */
export async function whole(incoming: IncomingMessage, seconds = 20): Promise<Whole> {
  const chunks: Buffer[] = [];
  const ended = new Promise<void>((resolve) => {
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("error", () => resolve());
    incoming.on("close", () => resolve());
  });
  await within(seconds, "the end of the answer", ended);
  const { statusCode: status = 0, headers, complete } = incoming;
  return { status, headers, body: Buffer.concat(chunks), isClean: complete };
}

/** A request and its whole answer. */
export async function get(
  daemon: Pick<TestDaemon, "port" | "token">,
  target: string,
  asked: Asked = {},
): Promise<Whole> {
  return whole(await send(daemon, target, asked).answer);
}

/** Resolves once the text that came satisfies; the answer goes on. */
export function untilText(
  incoming: IncomingMessage,
  label: string,
  satisfies: (text: string) => boolean,
): Promise<string> {
  const seen = new Promise<string>((resolve, reject) => {
    let text = "";
    incoming.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      if (satisfies(text)) resolve(text);
    });
    incoming.on("close", () => reject(new Error(`${label}: the answer ended with ${JSON.stringify(text)}`)));
    incoming.on("error", reject);
  });
  return within(15, label, seen);
}

/** A WebSocket to a daemon; it is not open yet. */
export function openSocket(
  daemon: Pick<TestDaemon, "port" | "token">,
  target: string,
  protocols: string[] = [],
  token = daemon.token,
): WebSocket {
  const ws = new WebSocket(`ws://127.0.0.1:${daemon.port}/v1/relay/socket/${target}`, protocols, {
    headers: { authorization: `Bearer ${token}` },
    perMessageDeflate: false,
  });
  ws.on("error", () => undefined);
  return ws;
}

/** The next event of an emitter, with what it carries. */
export function event<Carried extends unknown[]>(
  emitter: { once(name: string, listener: (...carried: never[]) => void): unknown },
  name: string,
  seconds = 10,
): Promise<Carried> {
  const come = new Promise<Carried>((resolve) =>
    emitter.once(name, (...carried: never[]) => resolve(carried as unknown as Carried)),
  );
  return within(seconds, `the event ${name}`, come);
}

/** Looks again and again until something holds. */
export async function until(label: string, holds: () => boolean | Promise<boolean>, seconds = 10): Promise<void> {
  const lateMs = Date.now() + seconds * 1000;
  while (!(await holds())) {
    if (Date.now() > lateMs) throw new Error(`${label}: not within ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
