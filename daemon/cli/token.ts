import { SCOPES } from "../../shared/contract/index.js";
import { isScope } from "../session/scopes.js";
import { createToken, listTokens, revokeToken } from "../session/tokens.js";
import { type Command, type Context, openState, UsageError } from "./context.js";
import { parseFlags } from "./flags.js";

function parseScopes(value: string): string[] {
  const scopes = value.split(",").map((scope) => scope.trim());
  for (const scope of scopes) {
    if (!isScope(scope)) {
      throw new UsageError(
        `there is no scope ${JSON.stringify(scope)}; there are ${SCOPES.join(", ")}, relay:UPSTREAM`,
      );
    }
  }
  return scopes;
}

function create(args: string[], context: Context): void {
  const { values } = parseFlags(args, { name: { type: "string" }, scope: { type: "string" } });
  if (values.name === undefined || values.scope === undefined) {
    throw new UsageError("write it as: puente token create --name NAME --scope SCOPE[,SCOPE…]");
  }
  context.out(`${createToken(openState(context), values.name, parseScopes(values.scope))}\n`);
}

function list(args: string[], context: Context): void {
  if (args.length > 0) throw new UsageError("puente token list takes nothing more");
  const tokens = listTokens(openState(context));
  if (tokens.length === 0) context.err("There are no tokens.\n");
  for (const { name, scopes, createdMs } of tokens) {
    context.out(`${name}\t${scopes.join(",")}\t${new Date(createdMs).toISOString()}\n`);
  }
}

function revoke(args: string[], context: Context): void {
  const [name] = args;
  if (name === undefined || args.length > 1) throw new UsageError("write it as: puente token revoke NAME");
  if (!revokeToken(openState(context), name)) throw new UsageError(`there is no token named ${JSON.stringify(name)}`);
  context.out(`Revoked ${name}.\n`);
}

const VERBS = new Map([
  ["create", create],
  ["list", list],
  ["revoke", revoke],
]);

/** `puente token create|list|revoke`; works whether or not a daemon runs. */
export const token: Command = async ([verb = "", ...args], context) => {
  const carryOut = VERBS.get(verb);
  if (carryOut === undefined)
    throw new UsageError("write it as: puente token create, puente token list or puente token revoke NAME");
  carryOut(args, context);
  return 0;
};
