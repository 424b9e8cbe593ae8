/** Wakes whoever waits; who comes later waits for the next time. Check the condition again after. */
export interface Gate {
  wait(): Promise<void>;
  open(): void;
}

export function createGate(): Gate {
  let waiters: Array<() => void> = [];
  return {
    wait: () => new Promise((resolve) => waiters.push(resolve)),
    open() {
      const woken = waiters;
      waiters = [];
      for (const resolve of woken) resolve();
    },
  };
}
