import type { Input, NameOf, Output } from "../../../shared/contract/index.js";

/** Seconds until an answer has to be there; a long poll and a large file have their own. */
export const CALL_SECONDS = 20;
export const BYTES_SECONDS = 110;

export interface Download {
  readonly bytes: string;
  /** SHA-256 of the whole file in hex; absent of a range. */
  readonly hash?: string;
}

/** Calls operations of the contract by name. Every promise rejects with an AnyProblem. */
export interface Caller {
  /** `seconds` is how long an answer may take. */
  call<Name extends NameOf<"call" | "probe">>(name: Name, input: Input<Name>, seconds?: number): Promise<Output<Name>>;
  download<Name extends NameOf<"download">>(name: Name, input: Input<Name>): Promise<Download>;
  upload<Name extends NameOf<"upload">>(name: Name, input: Input<Name>, bytes: string): Promise<Output<Name>>;
}

/** A caller that has a token. */
export interface TokenCaller extends Caller {
  /** Has the daemon prove now that it knows the token. Rejects with `wrong-daemon`. */
  prove(): Promise<void>;
  /** Resolves with the token once there is a proof that holds. */
  authorize(): Promise<string>;
  /** What listens on the port may have changed: the daemon has to prove itself before it gets the token again. */
  doubt(): void;
}
