import type { LuauMemory } from "./luau-memory.ts";
import { compileBytes, instantiate, type WasmExports } from "./wasm.ts";

/** Interrupts between two looks at the clock: few at first, then more or less as what lies between them takes. */
const FEWEST = 64;
const MOST = 5_000;
const LONG_MILLISECONDS = 20;

const CHECK = 0;
const LEFT = 0;
const I32 = 0x7f;

/**
 * Luau calls `interrupt` at every call and every turn of a loop (then `gc` is -1), and while it collects garbage. Only
 * a WASM function can stand in Luau's table, so here is one, which counts down and then asks JavaScript:
 *
 *     function interrupt(L, gc) { if (gc >= 0) return; if (--left > 0) return; left = check(L); }
 */
// biome-ignore format: a line an instruction
const INTERRUPT = new Uint8Array([
  0, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
  1, 11, 2, 0x60, 2, I32, I32, 0, 0x60, 1, I32, 1, I32, // types: (i32, i32) -> (), (i32) -> i32
  2, 9, 1, 3, 0x65, 0x6e, 0x76, 1, 0x63, 0, 1, // imports: env.c is `check`
  3, 2, 1, 0, // functions: `interrupt`
  6, 6, 1, I32, 1, 0x41, 0, 0x0b, // globals: `left`
  7, 12, 2, 1, 0x69, 0, 1, 4, 0x6c, 0x65, 0x66, 0x74, 3, LEFT, // exports: i, left
  10, 35, 1, 33, 0, // code
  0x20, 1, 0x41, 0, 0x4e, // gc >= 0
  0x04, 0x40, 0x0f, 0x0b, // if return
  0x23, LEFT, 0x41, 1, 0x6b, // left - 1
  0x24, LEFT, // left =
  0x23, LEFT, 0x41, 0, 0x4a, // left > 0
  0x04, 0x40, 0x0f, 0x0b, // if return
  0x20, 0, 0x10, CHECK, 0x24, LEFT, // left = check(L)
  0x0b,
]);

export interface Timeout {
  /** What one resumption may take without yielding. */
  readonly seconds: number;
  /** Milliseconds since the epoch at which the VM began its present work; each new resumption begins it anew. */
  readonly busy: BigInt64Array;
}

/**
 * Ends a resumption that takes too long, or has run out of memory, as Studio does: by an error in the running script.
 * From then on every call and every turn of a loop in a plugin's script is an error, until the resumption has ended, so
 * that no pcall holds it up. The stand-in's own code is let through; it does not run long.
 */
export async function installInterrupt(luau: LuauMemory, timeout: Timeout) {
  let resumption = luau.resumption();
  let since = performance.now();
  let last = since;
  let interrupts = FEWEST;
  let exhausted = false;

  const check = (thread: number): number => {
    const now = performance.now();
    if (luau.resumption() !== resumption) {
      resumption = luau.resumption();
      since = now;
      exhausted = false;
      interrupts = FEWEST;
      Atomics.store(timeout.busy, 0, BigInt(Date.now()));
    } else interrupts = now - last > LONG_MILLISECONDS ? Math.ceil(interrupts / 8) : Math.min(MOST, interrupts * 2);
    last = now;
    const low = luau.recover();
    const late = now - since > timeout.seconds * 1_000;
    if (!late && !exhausted) return low ? 0 : interrupts;
    if (!luau.runsStandIn(thread)) luau.raise(thread, exhausted ? "memory" : "timeout");
    return 0;
  };

  const { exports } = await instantiate(await compileBytes(INTERRUPT), { env: { c: check } });
  const left = exports["left"] as { value: number };
  luau.setInterrupt(exports["i"] as WasmExports["i"]);
  return {
    /** Memory was refused: the next interrupt deals with it. */
    exhaust(): void {
      exhausted = true;
      left.value = 0;
    },
  };
}
