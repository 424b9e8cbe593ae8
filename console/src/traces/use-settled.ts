import { useEffect, useState } from 'react';
import type { PlotState, PlotStore } from './plot-store.ts';

/** The state once it has not changed for a while: what panels ask for does not follow each frame. */
export function useSettled(store: PlotStore, afterMs: number): PlotState {
  const [settled, setSettled] = useState(store.get);
  useEffect(() => {
    let timer = 0;
    const take = (): void => {
      setSettled(store.get());
    };
    take();
    const stop = store.subscribe(() => {
      window.clearTimeout(timer);
      timer = window.setTimeout(take, afterMs);
    });
    return () => {
      stop();
      window.clearTimeout(timer);
    };
  }, [store, afterMs]);
  return settled;
}
