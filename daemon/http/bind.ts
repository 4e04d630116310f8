import type { Input, NameOf, OperationName, Output } from "../../shared/contract/index.js";

/** Who asks, and until when the answer is wanted. */
export interface Caller {
  /** Absent where the operation asks for no token. */
  readonly token?: { readonly id: string; readonly name: string; readonly scopes: readonly string[] };
  /** Aborted when the client has gone, its token was revoked, or the daemon ends. */
  readonly signal: AbortSignal;
}

export interface Download {
  readonly bytes: Uint8Array;
  /** Hash of the whole file, for the ETag; absent for a range. */
  readonly hash?: string;
}

type Awaitable<T> = T | Promise<T>;

/** What serves one operation: its input, already checked, to its output. Fails by `fail`. */
export type Handler<Name extends OperationName> = Name extends NameOf<"download">
  ? (input: Input<Name>, caller: Caller) => Awaitable<Download>
  : Name extends NameOf<"upload">
    ? (input: Input<Name>, body: AsyncIterable<Uint8Array>, caller: Caller) => Awaitable<Output<Name>>
    : (input: Input<Name>, caller: Caller) => Awaitable<Output<Name>>;

/** One feature's operations, or all of them. */
export type Handlers<Name extends OperationName = OperationName> = { readonly [N in Name]: Handler<N> };
