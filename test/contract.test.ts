import { expect, test } from "vitest";
import { CONTRACT } from "../shared/contract/index.js";
import type { Operation } from "../shared/operation.js";
import { PROBLEMS } from "../shared/problem.js";
import type { Schema } from "../shared/schema.js";
import { protocolPage } from "./support/protocol-page.js";

const operations = Object.entries(CONTRACT) as [string, Operation][];

function schemasIn(schema: Schema): Schema[] {
  if (schema.type === "array") return [schema, ...schemasIn(schema.items)];
  if (schema.type !== "object") return [schema];
  const fields = [...Object.values(schema.required), ...Object.values(schema.optional)];
  return [schema, ...fields.flatMap(schemasIn)];
}

function namesIn(schema: Schema): string[] {
  return schemasIn(schema).flatMap((part) =>
    part.type === "object" ? [...Object.keys(part.required), ...Object.keys(part.optional)] : [],
  );
}

test("there are operations, and each is named feature/verb in kebab-case", () => {
  expect(operations.length).toBeGreaterThanOrEqual(14);
  for (const [name] of operations) expect(name).toMatch(/^[a-z]+\/[a-z]+(-[a-z]+)*$/);
});

test.each(operations)("%s says what it does and names only problems that exist", (_name, operation) => {
  expect(operation.does).toMatch(/^[A-Z].+\.$/);
  for (const code of operation.problems) expect(Object.hasOwn(PROBLEMS, code), code).toBe(true);
});

test.each(operations)("%s keeps the laws of the wire: camelCase names, no number beyond 2^53", (_name, operation) => {
  for (const schema of [operation.input, operation.output]) {
    for (const name of namesIn(schema)) expect(name).toMatch(/^[a-z][a-zA-Z0-9]*$/);
    for (const part of schemasIn(schema)) {
      if (part.type === "integer") expect(part.maximum).toBeLessThanOrEqual(Number.MAX_SAFE_INTEGER);
    }
  }
});

test("every problem has a client's or a server's error status and a sentence", () => {
  for (const [code, { status, means }] of Object.entries(PROBLEMS)) {
    expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(600);
    expect(means).toMatch(/^[A-Z].+\.$/);
  }
});

test("docs/protocol.md is what the contract says (npm run docs writes it)", async () => {
  await expect(protocolPage()).toMatchFileSnapshot("../docs/protocol.md");
});
