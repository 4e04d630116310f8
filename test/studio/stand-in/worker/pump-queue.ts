import type { Vm } from "./vm.ts";

/**
 * The VM is entered by one at a time: a second call would mix up its results with the first's. Work waits its turn
 * here, and `busy` tells the main thread since when the VM has been at the present piece.
 */
export function pumpQueue(vm: Vm, busy: BigInt64Array) {
  let last: Promise<void> = Promise.resolve();
  const between = (work: () => Promise<void>): Promise<void> => {
    last = last.then(async () => {
      Atomics.store(busy, 0, BigInt(Date.now()));
      await work();
      Atomics.store(busy, 0, 0n);
    });
    return last;
  };
  return {
    between,
    pump: (bytes: Uint8Array) => between(() => vm.pump(bytes)),
  };
}
