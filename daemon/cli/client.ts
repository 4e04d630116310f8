import { randomBytes } from "node:crypto";
import { request } from "node:http";
import type { Input, NameOf, Output } from "../../shared/contract/index.js";
import type { Problem } from "../../shared/problem.js";
import { JSON_TYPE } from "../../shared/protocol.js";
import type { Note } from "../note.js";
import { proofForToken } from "../session/tokens.js";

const TIMEOUT_MS = 3000;

function post(url: string, token: string | undefined, input: unknown): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": JSON_TYPE, ...(token !== undefined && { authorization: `Bearer ${token}` }) };
    const call = request(url, { method: "POST", headers, timeout: TIMEOUT_MS, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }));
    });
    call.on("timeout", () => call.destroy(new Error("the daemon does not answer")));
    call.on("error", reject);
    call.end(JSON.stringify(input));
  });
}

async function callOpen(url: string, name: string, token: string | undefined, input: unknown): Promise<unknown> {
  const { status, body } = await post(`${url}/v1/${name}`, token, input);
  const answer: unknown = JSON.parse(body);
  if (status !== 200) throw new Error((answer as Problem).detail, { cause: answer });
  return answer;
}

export interface Client {
  call<Name extends NameOf<"call">>(name: Name, input: Input<Name>): Promise<Output<Name>>;
}

/** Speaks to the daemon that left the note, once it has proved that it is that daemon and not another program on its port. */
export async function connect(note: Note): Promise<Client> {
  const challenge = randomBytes(32).toString("hex");
  const id = note.token.slice(0, note.token.indexOf("."));
  const { proof } = (await callOpen(note.url, "session/prove", undefined, { token: id, challenge })) as {
    proof: string;
  };
  if (proof !== proofForToken(note.token, challenge)) throw new Error(`another program answers on ${note.url}`);
  return {
    call: async (name, input) => (await callOpen(note.url, name, note.token, input)) as Output<typeof name>,
  };
}
