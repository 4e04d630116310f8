import type { Infer } from "../schema.js";
import { files } from "./files.js";
import { llm } from "./llm.js";
import { relay } from "./relay.js";
import { search } from "./search.js";
import { session } from "./session.js";
import { watch } from "./watch.js";

export { DIALECTS } from "./llm.js";

/** Every operation by name. The daemon binds each of them; the plugin calls them by these names. */
export const CONTRACT = { ...session, ...files, ...search, ...watch, ...relay, ...llm } as const;

export type OperationName = keyof typeof CONTRACT;
export type Input<Name extends OperationName> = Infer<(typeof CONTRACT)[Name]["input"]>;
export type Output<Name extends OperationName> = Infer<(typeof CONTRACT)[Name]["output"]>;

/** The names of one form, so that each caller is held to it by its type. */
export type NameOf<Form extends string> = {
  [Name in OperationName]: (typeof CONTRACT)[Name]["form"] extends Form ? Name : never;
}[OperationName];

export { SCOPES } from "./session.js";
