import type { ChosenEvent } from './plot-scene.ts';
import type { View } from './view.ts';

/** What a person has moved to and chosen; it changes with every frame of a drag. */
export interface PlotState {
  view: View;
  /** Null: what is visible counts as the range. */
  range: View | null;
  chosen: ChosenEvent | null;
}

/** Outside of React, so that a frame of panning renders no component. */
export interface PlotStore {
  get: () => PlotState;
  set: (change: Partial<PlotState>) => void;
  subscribe: (listener: () => void) => () => void;
}

export function createPlotStore(view: View): PlotStore {
  let state: PlotState = { view, range: null, chosen: null };
  const listeners = new Set<() => void>();
  return {
    get: () => state,
    set(change) {
      state = { ...state, ...change };
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
