import { roomyWasm } from "./wasm.ts";

/** The one way in and the one way out: ASCII strings of at most 60 KB. */
export interface Vm {
  /** Compiles a chunk and hands it to Luau under `name`; answers the compiler's complaint, if it has one. */
  install(name: string, source: string, chunkName: string): Promise<string | undefined>;
  pump(chunk: string): Promise<void>;
}

interface Handle {
  (...args: unknown[]): Promise<unknown[]>;
  [key: symbol]: { ref: number; release(): void };
}

interface Internals {
  LUA_VALUE: symbol;
  states: { transactionData: Record<number, unknown>; nextTXKey: number; luaValueCache: Map<number, unknown> }[];
  instantiateWasm(info: WebAssembly.Imports, done: (instance: unknown, module: unknown) => void): void;
}

/**
 * Boots luau-web narrowly. Three things differ from its own way:
 * - the memory is raised (wasm.ts);
 * - the Asyncify build is chosen on every Node: in the JSPI build of 1.4.0 `pcall` does not catch;
 * - Luau's calls to JavaScript are answered at once by `post`, without the asynchronous glue, which costs a turn of the
 *   event loop for each call. Its answer, if any, is an ASCII string and the call's value in Luau.
 */
export async function startVm(bootSource: string, post: (chunk: string) => string | undefined): Promise<Vm> {
  Reflect.deleteProperty(WebAssembly, "Suspending");
  const { LuauState, InternalLuauWasmModule } = await import("luau-web");
  const internals = InternalLuauWasmModule as unknown as Internals;
  const wasm = await roomyWasm();
  let memory: WebAssembly.Memory;

  const answer = (_state: number, environment: number, _callee: number, argumentsAt: number): number => {
    const heap = Buffer.from(memory.buffer);
    const json = heap.toString("latin1", argumentsAt, heap.indexOf(0, argumentsAt));
    const chunk = (JSON.parse(json) as { value: string }[])[1]?.value ?? "";
    const reply = post(chunk);
    const state = internals.states[environment];
    if (state === undefined) throw new Error("luau-web: a call from a state that is gone");
    const key = state.nextTXKey++;
    state.transactionData[key] = reply === undefined ? [] : [reply];
    return key;
  };

  internals.instantiateWasm = (info, done) => {
    const env = info["env"];
    if (env?.["__asyncjs__callJSFunction"] === undefined) throw new Error("luau-web: its call import has moved");
    env["__asyncjs__callJSFunction"] = answer;
    void WebAssembly.instantiate(wasm, info).then(({ instance, module }) => {
      memory = instance.exports["memory"] as WebAssembly.Memory;
      done(instance, module);
    });
  };

  const state = await LuauState.createAsync();
  const compile = (source: string, chunkName: string) =>
    state.loadstring(source, `=${chunkName}`) as unknown as Handle | string;
  const release = (handle: Handle) => {
    const value = handle[internals.LUA_VALUE];
    // The number of a released reference is used again, and the cache would then answer with the released one.
    for (const each of internals.states) if (value !== undefined) each?.luaValueCache.delete(value.ref);
    value?.release();
  };

  const boot = compile(bootSource, "boot");
  if (typeof boot === "string") throw new Error(boot);
  const [pump, install] = (await boot(() => undefined)) as [Handle, Handle];
  return {
    async install(name, source, chunkName) {
      const chunk = compile(source, chunkName);
      if (typeof chunk === "string") return chunk;
      await install(name, chunk);
      release(chunk);
      return undefined;
    },
    async pump(chunk) {
      await pump(chunk);
    },
  };
}
