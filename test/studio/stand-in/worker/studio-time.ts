import type { Switches } from "../switches.ts";
import type { Imports, WasmExports } from "./wasm.ts";

const REAL_TIME = 0; // the clock's number; the others only grow

/** How long that many of Studio's seconds take here, in whole milliseconds. */
export function studioMilliseconds({ timeScale }: Switches, seconds: number): number {
  return Math.ceil((seconds * 1_000) / timeScale);
}

/** Sets the clocks that the VM reads: from now on they run `scale` times as fast as the machine's. */
export function setClocks(imports: Imports, memory: () => WasmExports["memory"], scale: number): void {
  const began = Date.now();
  const now = () => performance.now() * scale;
  const date = () => began + (Date.now() - began) * scale;
  const read = (clock: number, _precision: bigint, at: number): number => {
    const nanoseconds = (clock === REAL_TIME ? date() : now()) * 1e6;
    new DataView(memory().buffer).setBigInt64(at, BigInt(Math.round(nanoseconds)), true);
    return 0;
  };
  Object.assign(imports["env"] ?? {}, { emscripten_get_now: now, emscripten_date_now: date });
  Object.assign(imports["wasi_snapshot_preview1"] ?? {}, { clock_time_get: read });
}
