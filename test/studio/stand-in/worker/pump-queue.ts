import type { Vm } from "./vm.ts";

/**
 * The VM is entered by one at a time: a second call would mix up its results with the first's. Work waits its turn
 * here, and `busy` tells the main thread since when the VM has been at the present piece. What throws here is
 * the VM or the stand-in itself, not a plugin: `failed` is told, and nothing enters the VM again.
 */
export function pumpQueue(vm: Vm, busy: BigInt64Array, failed: (reason: string) => void) {
  let last: Promise<void> = Promise.resolve();
  let broken = false;
  const between = (work: () => Promise<void>): Promise<void> => {
    last = last.then(async () => {
      if (broken) return;
      Atomics.store(busy, 0, BigInt(Date.now()));
      try {
        await work();
      } catch (error) {
        broken = true;
        failed(reasonOf(error));
      }
      Atomics.store(busy, 0, 0n);
    });
    return last;
  };
  return {
    between,
    pump: (bytes: Uint8Array) => between(() => vm.pump(bytes)),
  };
}

function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.includes("not enough memory") ? `Studio ran out of memory: ${text}` : `Studio was ended: ${text}`;
}
