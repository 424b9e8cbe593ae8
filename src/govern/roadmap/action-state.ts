import type { ActionView } from './roadmap-view.ts';

const DAY_MS = 86_400_000;
/** A condition must hold for so long before its action closes. */
export const HOLD_MS = 7 * DAY_MS;

/** When an action's condition began (`met`) or ceased to be met. */
export interface StateChange {
  atMs: number;
  met: boolean;
}

export interface ActionState {
  state: ActionView['state'];
  openedAtMs: number;
  sinceMs: number;
  closesAtMs: number | null;
}

/**
 * The state of an action from its history, oldest first: it closes by itself when its condition has held for 7
 * days, and opens again when it stops. One that stops before is open as it was.
 */
export function actionState(history: readonly StateChange[], nowMs: number): ActionState {
  let state: ActionView['state'] = 'open';
  let openedAtMs = history[0]?.atMs ?? nowMs;
  let sinceMs = openedAtMs;
  let heldFromMs: number | null = null;
  let wasClosed = false;
  for (const change of history) {
    if (change.met) {
      if (heldFromMs !== null) continue;
      heldFromMs = change.atMs;
      state = 'closing';
      sinceMs = change.atMs;
      continue;
    }
    if (heldFromMs !== null && change.atMs - heldFromMs >= HOLD_MS) wasClosed = true;
    if (heldFromMs === null && state !== 'closing' && change !== history[0]) continue;
    heldFromMs = null;
    state = wasClosed ? 'reopened' : 'open';
    if (wasClosed) openedAtMs = change.atMs;
    sinceMs = change.atMs;
  }
  if (heldFromMs === null) return { state, openedAtMs, sinceMs, closesAtMs: null };
  const closesAtMs = heldFromMs + HOLD_MS;
  if (nowMs < closesAtMs) return { state: 'closing', openedAtMs, sinceMs, closesAtMs };
  return { state: 'closed', openedAtMs, sinceMs: closesAtMs, closesAtMs };
}
