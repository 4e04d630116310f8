import { CONTRACT } from "../../shared/contract/index.js";
import type { Operation } from "../../shared/operation.js";
import { PROBLEMS } from "../../shared/problem.js";
import { DEFAULT_PORT, LIMITS, PROTOCOL } from "../../shared/protocol.js";
import type { Schema } from "../../shared/schema.js";

function shapeOf(schema: Schema): string {
  switch (schema.type) {
    case "string":
      return schema.choices === undefined ? "string" : schema.choices.map((choice) => `"${choice}"`).join(" | ");
    case "integer":
      return "integer";
    case "boolean":
      return "boolean";
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
} as const;

const SCOPES = { none: "no token", any: "any token", operator: "the daemon's own command line" } as const;

function sectionOf(name: string, operation: Operation): string {
  const scope = Object.hasOwn(SCOPES, operation.scope)
    ? SCOPES[operation.scope as keyof typeof SCOPES]
    : `scope \`${operation.scope}\``;
  const output = operation.form === "download" ? "the bytes" : `\`${shapeOf(operation.output)}\``;
  const problems = operation.problems.map((code) => `\`${code}\``).join(", ");
  return `### ${name}

${FORMS[operation.form]} · ${scope}

${operation.does}

- in: \`${shapeOf(operation.input)}\`
- out: ${output}${problems === "" ? "" : `\n- problems: ${problems}`}
`;
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
unless it needs none. A failure is \`application/problem+json\`: \`{code, detail, at?, hash?}\`.
Absent is absent: there is no null. \`{}\` and \`[]\` are both empty, because Luau writes an empty table as \`[]\`.
Below, \`[x]\` is a list of x, and \`name?\` may be absent. Input of an upload stands in the query:
\`?root=place&path=src%2Fa.luau&expect=absent\`. Units are in the names of fields and limits; a string's limit is in bytes.

\`\`\`sh
TOKEN=$(npm run --silent puente -- token create --name curl --scope files:read)
curl -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" \\
  -d '{"root": "place", "path": "", "depth": 2}' http://127.0.0.1:${DEFAULT_PORT}/v1/files/list
\`\`\`

Besides its own problems an operation answers those of the gates (\`malformed-request\`, \`refused\`, \`unauthorized\`,
\`scope-missing\`, \`wrong-method\`, \`wrong-type\`, \`too-large\`), \`invalid-input\`, where it takes a path \`invalid-path\`,
and \`internal\` and \`shutting-down\`.

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
