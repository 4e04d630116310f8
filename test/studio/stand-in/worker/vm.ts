import { installInterrupt, type Timeout } from "./interrupt.ts";
import { startLuauMemory } from "./luau-memory.ts";
import { setClocks } from "./studio-time.ts";
import { chooseAsyncify, type Imports, instantiate, type WasmExports, type WasmModule } from "./wasm.ts";

export interface Vm {
  /** Compiles a chunk and hands it to Luau under `name`; answers the compiler's complaint, if it has one. */
  install(name: string, source: string, chunkName: string): Promise<string | undefined>;
  /** Hands bytes to Luau, in as many slices as the exchange needs. */
  pump(bytes: Uint8Array): Promise<void>;
}

/** A slice that Luau posts; the bytes that come back with the last one, if any, are the answer to the message. */
export type Post = (slice: Uint8Array, last: boolean) => Uint8Array | undefined;

interface Handle {
  (...args: unknown[]): Promise<unknown[]>;
  [key: symbol]: { ref: number; release(): void };
}

interface Internals {
  LUA_VALUE: symbol;
  states: { transactionData: Record<number, unknown>; nextTXKey: number; luaValueCache: Map<number, unknown> }[];
  instantiateWasm(info: Imports, done: (instance: unknown, module: unknown) => void): void;
}

/** What boot.luau returns. */
type Booted = [pump: Handle, install: Handle, exchange: string, size: number, mark: string, internals: string];

const BUFFER_HEADER_BYTES = 8; // three bytes of tags, one of padding, a 32-bit length

/**
 * Boots luau-web narrowly. Its own ways to pass strings cut them at NUL, mangle what is not UTF-8 and overrun a small
 * stack, so bytes cross in one Luau buffer that JavaScript reads and writes in place; calls carry numbers only. Luau's
 * calls to JavaScript are answered at once, without the asynchronous glue, which costs a turn of the event loop each.
 */
export async function startVm(
  wasm: WasmModule,
  bootSource: string,
  post: Post,
  timeout: Timeout,
  timeScale: number,
): Promise<Vm> {
  chooseAsyncify();
  const { LuauState, InternalLuauWasmModule } = await import("luau-web");
  const internals = InternalLuauWasmModule as unknown as Internals;
  let memory: WasmExports["memory"] = { buffer: new ArrayBuffer(0) };
  let exports: WasmExports | undefined;
  let refuse = () => {};
  let isLow = () => false;
  let exchange = new Uint8Array();
  let reply: Uint8Array | undefined;

  const answer = (_state: number, environment: number, _callee: number, argumentsAt: number): number => {
    const heap = Buffer.from(memory.buffer);
    const json = heap.toString("latin1", argumentsAt, heap.indexOf(0, argumentsAt));
    const [, length, last] = (JSON.parse(json) as { value: unknown }[]).map((each) => each.value);
    if (length !== "more") reply = post(exchange.slice(0, Number(length)), String(last) === "true");
    const slice = reply?.subarray(0, exchange.length);
    if (slice !== undefined) exchange.set(slice);
    reply = reply?.subarray(exchange.length);
    const state = internals.states[environment];
    if (state === undefined) throw new Error("luau-web: a call from a state that is gone");
    const key = state.nextTXKey++;
    state.transactionData[key] = slice === undefined ? [] : [slice.length, (reply?.length ?? 0) > 0];
    return key;
  };

  internals.instantiateWasm = (info, done) => {
    const env = info["env"];
    if (env?.["__asyncjs__callJSFunction"] === undefined) throw new Error("luau-web: its call import has moved");
    env["__asyncjs__callJSFunction"] = answer;
    // Its own aborts; so Luau gets no memory, and says so by an error in the script.
    env["emscripten_resize_heap"] = () => {
      refuse();
      return 0;
    };
    // So does Luau's compiler, for which there is no error to be had where memory ends.
    env["__cxa_throw"] = () => {
      throw new Error("Luau's compiler gave up");
    };
    env["_abort_js"] = () => {
      throw new Error(isLow() ? "not enough memory" : "Luau has aborted");
    };
    setClocks(info, () => memory, timeScale);
    void instantiate(wasm, info).then((instance) => {
      exports = instance.exports;
      memory = exports.memory;
      done(instance, wasm);
    });
  };

  const state = await LuauState.createAsync();
  const compile = (source: string, chunkName: string) => {
    try {
      return state.loadstring(source, `=${chunkName}`) as unknown as Handle | string;
    } catch (error) {
      throw new Error(`${(error as Error).message} (while compiling ${chunkName})`);
    }
  };
  const release = (handle: Handle) => {
    const value = handle[internals.LUA_VALUE];
    // The number of a released reference is used again, and the cache would then answer with the released one.
    for (const each of internals.states) if (value !== undefined) each?.luaValueCache.delete(value.ref);
    value?.release();
  };

  const boot = compile(bootSource, "stand-in/boot");
  if (typeof boot === "string") throw new Error(boot);
  const [pump, install, place, size, mark, closure] = (await boot(() => undefined)) as Booted;
  exchange = exchangeAt(memory.buffer, place, size, mark);
  if (exports === undefined) throw new Error("luau-web: it has started without its WASM");
  const luau = startLuauMemory(exports, (state as unknown as { state: number }).state, address(closure));
  const interrupt = await installInterrupt(luau, timeout);
  refuse = () => {
    luau.refused();
    interrupt.exhaust();
  };
  isLow = luau.isLow;

  return {
    async install(name, source, chunkName) {
      const chunk = compile(source, chunkName);
      if (typeof chunk === "string") return chunk;
      await install(name, chunk);
      release(chunk);
      return undefined;
    },
    async pump(bytes) {
      for (let from = 0; from < bytes.length; from += size) {
        const slice = bytes.subarray(from, from + size);
        exchange.set(slice);
        await pump(slice.length, bytes.length);
      }
    },
  };
}

/** Where what `tostring` says so of lies. */
function address(value: string): number {
  return Number(/^(?:buffer|function): (0x[0-9a-f]+)$/.exec(value)?.[1]);
}

/** The bytes of the Luau buffer that `tostring` places at `place`, once its length and mark are seen there. */
function exchangeAt(memory: ArrayBuffer, place: string, size: number, mark: string): Uint8Array<ArrayBuffer> {
  const start = address(place) + BUFFER_HEADER_BYTES;
  const fits = start + size <= memory.byteLength;
  const length = fits ? new DataView(memory).getUint32(start - 4, true) : 0;
  if (length !== size || Buffer.from(memory, start, mark.length).toString() !== mark)
    throw new Error("luau-web: a Luau buffer is not laid out as in 1.4.0");
  return new Uint8Array(memory, start, size);
}
