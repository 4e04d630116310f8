import type { WasmExports } from "./wasm.ts";

/** Offsets in bytes of luau-web 1.4.0's structures; startLuauMemory refuses what does not look like them. */
const STATE = { top: 8, base: 12, global: 16, ci: 20, endCi: 32, baseCi: 36, sizeCi: 44 };
const GLOBAL = { gcState: 21, gcThreshold: 36, gcStepSize: 52, pointerKey: 640, interrupt: 676 };
const CALL = { func: 4, top: 8, size: 24 };
const CLOSURE = { isC: 3, functionOrProto: 16, upvalues: 24 };
const VALUE = { tag: 12, size: 16 };
const PROTO_SOURCE = 48;
const STRING_DATA = 20;
const BUFFER_DATA = 8;
const TAG = { number: 3, string: 5, function: 7, buffer: 10 };

/** In the order in which boot.luau's `internals` holds them. */
const UPVALUES = [TAG.string, TAG.string, TAG.number, TAG.function, TAG.buffer];
const OWN = Buffer.from("=stand-in/");

const SPARE_BYTES = 48 * 1_048_576;
const LARGE_STEP = 1 << 23; // bytes; Luau takes 200 times as much in 32 bits
const PAUSE = 0; // between two cycles of garbage collection
const CYCLES = 3; // each in a resumption of its own, for those of the failed one may still hold what it made

export type LuauMemory = ReturnType<typeof startLuauMemory>;

/** What the library does not offer, done in the VM's memory. `internals` is the address of boot.luau's function. */
export function startLuauMemory(exports: WasmExports, main: number, internals: number) {
  const { memory, malloc, free } = exports;
  const table = exports["__indirect_function_table"] as {
    grow(by: number): number;
    get(at: number): (state: number) => number;
    set(at: number, to: unknown): void;
  };
  const bytes = new Uint8Array(memory.buffer);
  const view = new DataView(memory.buffer);
  const read = (at: number) => view.getUint32(at, true);
  const write = (at: number, value: number) => view.setUint32(at, value, true);
  const upvalue = (index: number) => internals + CLOSURE.upvalues + VALUE.size * index;

  const global = read(main + STATE.global);
  const calls = (read(main + STATE.endCi) - read(main + STATE.baseCi)) / CALL.size;
  const key = Array.from({ length: 10 }, (_, index) => read(global + GLOBAL.pointerKey + 4 * index));
  if (
    calls !== read(main + STATE.sizeCi) - 1 ||
    key.some((each, index) => each !== (index === 0 ? 1 : 0)) ||
    UPVALUES.some((tag, index) => read(upvalue(index) + VALUE.tag) !== tag)
  )
    throw new Error("luau-web: Luau's state is not laid out as in 1.4.0");

  const fail = table.get(read(read(upvalue(3)) + CLOSURE.functionOrProto));
  const resumption = read(upvalue(4)) + BUFFER_DATA;
  const stepSize = read(global + GLOBAL.gcStepSize);
  let spare = malloc(SPARE_BYTES);
  let cycles = 0;
  let pausing = false;
  let collected = 0; // the resumption of the last cycle

  return {
    /** Changes whenever the scheduler enters or leaves a plugin's code. */
    resumption: () => read(resumption),

    setInterrupt(interrupt: unknown): void {
      const at = table.grow(1);
      table.set(at, interrupt);
      write(global + GLOBAL.interrupt, at);
    },

    /** Whether the innermost Luau function of a thread is the stand-in's. */
    runsStandIn(thread: number): boolean {
      for (let call = read(thread + STATE.ci); call > read(thread + STATE.baseCi); call -= CALL.size) {
        const closure = read(read(call + CALL.func));
        if (bytes[closure + CLOSURE.isC] !== 0) continue;
        const source = read(read(closure + CLOSURE.functionOrProto) + PROTO_SOURCE) + STRING_DATA;
        return OWN.every((byte, index) => bytes[source + index] === byte);
      }
      return true;
    },

    /** Calls Luau's `error` with a text and level 0. It does not return: it unwinds to the nearest protected call. */
    raise(thread: number, why: "timeout" | "memory"): void {
      // Above what the running function uses, where Luau always keeps five values' room.
      const base = read(read(thread + STATE.ci) + CALL.top);
      const text = upvalue(why === "timeout" ? 0 : 1);
      bytes.copyWithin(base, text, text + VALUE.size);
      bytes.copyWithin(base + VALUE.size, upvalue(2), upvalue(3));
      write(thread + STATE.base, base);
      write(thread + STATE.top, base + 2 * VALUE.size);
      fail(thread);
    },

    /** Memory was refused to Luau, which is now in the middle of an allocation. */
    refused(): void {
      cycles = CYCLES;
      collected = read(resumption);
      pausing = bytes[global + GLOBAL.gcState] === PAUSE;
    },

    /** Memory was refused, and what could be garbage is not yet collected. */
    isLow: () => cycles > 0,

    /**
     * After a refusal: spare memory to report it with, and garbage collection at each allocation, for Luau would wait
     * with it until twice as much is in use. Answers whether there is more to do at the next interrupt.
     */
    recover(): boolean {
      if (cycles === 0) return false;
      if (spare !== 0) {
        free(spare);
        spare = 0;
        write(global + GLOBAL.gcStepSize, LARGE_STEP);
      }
      if (read(resumption) === collected) return true;
      const before = pausing;
      pausing = bytes[global + GLOBAL.gcState] === PAUSE;
      if (pausing && !before) {
        cycles--;
        collected = read(resumption);
      }
      write(global + GLOBAL.gcThreshold, 0);
      if (cycles > 0) return true;
      write(global + GLOBAL.gcStepSize, stepSize);
      spare = malloc(SPARE_BYTES);
      return false;
    },
  };
}
