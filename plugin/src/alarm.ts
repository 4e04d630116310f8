export interface Alarm {
  /** Resolves after so many seconds, or when it is rung; without `seconds`, only when it is rung. */
  sleep(seconds?: number): Promise<void>;
  /** Ends the sleep that is on, or else the next one at once. */
  ring(): void;
}

/** A wait that can be cut short. One sleeper at a time. */
export function createAlarm(): Alarm {
  let wake: (() => void) | undefined;
  let rung = false;

  function ring(): void {
    const sleeper = wake;
    wake = undefined;
    if (sleeper === undefined) rung = true;
    else sleeper();
  }

  return {
    ring() {
      ring();
    },
    sleep(seconds) {
      return new Promise<void>((resolve) => {
        wake = resolve;
        if (rung) {
          rung = false;
          // A frame later: no loop around a sleep ever goes round without waiting.
          task.delay(0, () => wake === resolve && ring());
          return;
        }
        if (seconds !== undefined) {
          task.delay(seconds, () => {
            if (wake === resolve) ring();
          });
        }
      });
    },
  };
}
