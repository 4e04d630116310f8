import { CONTRACT } from "../../shared/contract/index.js";
import { DAEMON_HEADERS, STUDIO_HEADERS } from "../../shared/contract/link.js";
import type { Operation } from "../../shared/operation.js";
import { PROBLEMS } from "../../shared/problem.js";
import { DEFAULT_PORT, LIMITS, PROTOCOL } from "../../shared/protocol.js";
import type { Schema } from "../../shared/schema.js";

function shapeOf(schema: Schema): string {
  switch (schema.type) {
    case "string":
      return schema.choices === undefined ? "string" : schema.choices.map((choice) => `"${choice}"`).join(" | ");
    case "integer":
    case "number":
      return schema.type;
    case "boolean":
      return "boolean";
    case "any":
      return "any";
    case "array":
      return `[${shapeOf(schema.items)}]`;
    case "object": {
      const required = Object.entries(schema.required).map(([name, field]) => `${name}: ${shapeOf(field)}`);
      const optional = Object.entries(schema.optional).map(([name, field]) => `${name}?: ${shapeOf(field)}`);
      return `{${[...required, ...optional].join(", ")}}`;
    }
  }
}

const FORMS = {
  probe: "GET",
  call: "POST JSON → JSON",
  download: "POST JSON → bytes",
  upload: "POST bytes, input in the query → JSON",
  stream: "any method, `…/<upstream>/<rest>` → bytes",
  socket: "WebSocket upgrade, `…/<upstream>/<rest>`",
  feed: "POST JSON → event stream, or opened over the link → messages",
  frames: "POST JSON → frames, or opened over the link → the same bytes",
} as const;

const SCOPES = {
  none: "no token",
  any: "any token",
  operator: "the daemon's own command line",
  relay: "scope `relay:<upstream>` or `relay:*`",
} as const;

const OUTPUTS: { readonly [form: string]: string } = {
  download: "the bytes",
  stream: "the bytes as they come",
  frames: "frames, as they come",
  socket: "messages",
};

function sectionOf(name: string, operation: Operation): string {
  const scope = Object.hasOwn(SCOPES, operation.scope)
    ? SCOPES[operation.scope as keyof typeof SCOPES]
    : `scope \`${operation.scope}\``;
  const output = OUTPUTS[operation.form] ?? `\`${shapeOf(operation.output)}\``;
  const problems = operation.problems.map((code) => `\`${code}\``).join(", ");
  return `### ${name}

${FORMS[operation.form]} · ${scope}

${operation.does}

- in: \`${shapeOf(operation.input)}\`
- out: ${output}${operation.events === undefined ? "" : `; over HTTP its \`${operation.events}\` is the name of its event too, and \`end\` the last`}${problems === "" ? "" : `\n- problems: ${problems}`}
`;
}

function headerRows({ schemas }: { readonly schemas: ReadonlyMap<string, Schema> }): string {
  return [...schemas].map(([t, schema]) => `| ${t} | \`${shapeOf(schema).replaceAll("|", "\\|")}\` |`).join("\n");
}

/** docs/protocol.md, written from the contract. */
export function protocolPage(): string {
  const operations = Object.entries(CONTRACT).map(([name, operation]) => sectionOf(name, operation));
  const problems = Object.entries(PROBLEMS).map(
    ([code, { status, means }]) => `| \`${code}\` | ${status} | ${means} |`,
  );
  const limits = Object.entries(LIMITS).map(([name, value]) => `| ${name} | ${value} |`);
  return `# The protocol

Written from \`shared/contract\` by \`npm run docs\`; a test fails when it is stale.
Protocol ${PROTOCOL.min} to ${PROTOCOL.max}. An operation is called at \`http://127.0.0.1:${DEFAULT_PORT}/v1/<operation>\`, with \`Authorization: Bearer <token>\`
unless it needs none. A failure is \`application/problem+json\`: \`{code, detail, at?, hash?, status?, body?, retryAfterSeconds?}\`.
Absent is absent: there is no null. \`{}\` and \`[]\` are both empty, because Luau writes an empty table as \`[]\`.
Below, \`[x]\` is a list of x, and \`name?\` may be absent. Input of an upload stands in the query:
\`?root=place&path=src%2Fa.luau&expect=absent\`. That of a relay stands in the target, the method, the headers and the body:
\`POST /v1/relay/sse/lm/v1/chat/completions\` asks the upstream \`lm\` for \`v1/chat/completions\`. Units are in the names of fields and limits; a string's limit is in bytes.

\`\`\`sh
TOKEN=$(npm run --silent puente -- token create --name curl --scope files:read)
curl -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" \\
  -d '{"root": "place", "path": "", "depth": 2}' http://127.0.0.1:${DEFAULT_PORT}/v1/files/list
\`\`\`

Besides its own problems an operation answers those of the gates (\`malformed-request\`, \`refused\`, \`unauthorized\`,
\`scope-missing\`, \`wrong-method\`, \`wrong-type\`, \`too-large\`), \`invalid-input\`, where it takes a path \`invalid-path\`,
and \`internal\` and \`shutting-down\`.

## The link

One WebSocket, \`GET /v1/link\` with the token, for any number of calls and streams. A message is one line of JSON, a
newline, and its payload. Studio sends text messages, the daemon binary ones. \`n\` numbers the messages of each
direction from 1, without a gap. Each side keeps what it sent until it is acked, and a \`hello\` with \`session\` and
\`seen\` on a new connection goes on after that number; \`resumed: false\` means that all that was open is lost. An ack is
due at the latest after a second or a megabyte. A call's id is executed once until its reply is acked. A download's bytes
are the payload of its \`reply\`, an upload's text that of its \`call\`; what the link cannot carry fails with
\`only-over-http\`. \`data\` comes as far as \`credit\` goes; \`part\` means that more of the same message follows. Every
stream that was opened ends with one \`closed\` or \`problem\`.

| from Studio | |
|---|---|
${headerRows(STUDIO_HEADERS)}

| from the daemon | |
|---|---|
${headerRows(DAEMON_HEADERS)}

## Operations

${operations.join("\n")}
## Problems

| code | status | meaning |
|---|---|---|
${problems.join("\n")}

## Limits

| limit | value |
|---|---|
${limits.join("\n")}
`;
}
