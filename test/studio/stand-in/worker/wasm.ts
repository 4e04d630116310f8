import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const TABLE_SECTION = 4;
const EXPECTED_TABLE = [1, 0x70, 1, 0xbe, 4, 0xbe, 4]; // one table of functions: 574, at most 574
const MEMORY_SECTION = 5;
const EXPECTED_MEMORY = [1, 1, 0x92, 2, 0x92, 2]; // one memory, with a maximum: 274 pages, 274 pages
const PAGES = 8_192;

/** What is used of the global `WebAssembly`, which Node's types leave out. */
interface WebAssemblyApi {
  compile(wasm: Uint8Array): Promise<WasmModule>;
  instantiate(module: WasmModule, imports: Imports): Promise<{ exports: WasmExports }>;
}
export type WasmModule = object;
export type Imports = Record<string, Record<string, unknown>>;
export type WasmExports = Record<string, unknown> & {
  memory: { buffer: ArrayBuffer };
  /** Answers 0 where there is no room. */
  malloc(bytes: number): number;
  free(address: number): void;
};

const { WebAssembly: webAssembly } = globalThis as unknown as { WebAssembly: WebAssemblyApi };

/** luau-web chooses its build by this property. In the JSPI build of 1.4.0 `pcall` does not catch; Asyncify's does. */
export function chooseAsyncify(): void {
  Reflect.deleteProperty(webAssembly, "Suspending");
}

export function instantiate(module: WasmModule, imports: Imports) {
  return webAssembly.instantiate(module, imports);
}

export function compileBytes(wasm: Uint8Array): Promise<WasmModule> {
  return webAssembly.compile(wasm);
}

let compiled: Promise<WasmModule> | undefined;

/** Compiled once for all Studios of a process, so that a later one starts with code that is already warm. */
export function compileWasm(): Promise<WasmModule> {
  compiled ??= roomyWasm().then((wasm) => webAssembly.compile(wasm));
  return compiled;
}

/**
 * luau-web keeps its WASM as base64 inside its JavaScript, with a memory of 274 pages that cannot grow: 200,000 tables
 * abort the process. Both limits are two-byte LEB128 numbers, so they can be raised in place, and so can the table's,
 * for the one function that interrupt.ts adds. A release that moves or changes the sections is refused here, rather
 * than run with whatever the patch would have hit.
 */
async function roomyWasm(): Promise<Uint8Array> {
  const library = new URL("./lib/Luau.Web.Asyncify.js", import.meta.resolve("luau-web"));
  const script = await readFile(fileURLToPath(library), "utf8");
  const embedded = /findWasmBinary\(\)\s*\{\s*return base64Decode\("([A-Za-z0-9+/=]+)"\)/.exec(script)?.[1];
  if (embedded === undefined) throw new Error("luau-web: its WASM is not where 1.4.0 keeps it");
  const wasm = new Uint8Array(Buffer.from(embedded, "base64"));
  const memory = section(wasm, MEMORY_SECTION, EXPECTED_MEMORY);
  const table = section(wasm, TABLE_SECTION, EXPECTED_TABLE);
  table.set([0xbf, 4], 5);
  const pages = [(PAGES & 0x7f) | 0x80, PAGES >> 7];
  memory.set(pages, 2);
  memory.set(pages, 4);
  return wasm;
}

function section(wasm: Uint8Array, wanted: number, expected: number[]): Uint8Array {
  for (let at = 8; at < wasm.length; ) {
    const id = wasm[at];
    const [length, size] = leb128(wasm, at + 1);
    const start = at + 1 + size;
    const content = wasm.subarray(start, start + length);
    if (id === wanted && Buffer.from(expected).equals(content)) return content;
    at = start + length;
  }
  throw new Error(`luau-web: section ${wanted} is not the one of 1.4.0`);
}

function leb128(bytes: Uint8Array, at: number): [value: number, size: number] {
  let value = 0;
  for (let size = 0; ; size++) {
    const byte = bytes[at + size] ?? 0;
    value += (byte & 0x7f) * 2 ** (7 * size);
    if (byte < 0x80) return [value, size + 1];
  }
}
