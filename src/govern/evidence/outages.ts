import type { Cell, Window } from '../../measure/ledger/ledger.ts';
import type { Facts, Step } from './facts.ts';

const STEP_MS = 900_000;
const HOUR_MS = 3_600_000;
/** A quarter of an hour is an outage when half of its requests failed, and at least so many. */
const FAILED_SHARE = 0.5;
const FAILED_LEAST = 5;
/** Hours with failures that are looked into by quarters; a store of minutes takes a while for each. */
const MAX_LOOKED_INTO = 48;

export interface Outages {
  outages: Window[];
  simulated: boolean;
}

/** Outages of a service in a window, to a quarter of an hour; null when nothing was asked of it. */
export async function outagesIn(
  facts: Facts,
  window: Window,
  service: string,
): Promise<Outages | null> {
  const steps = await stepsOf(facts, window, service);
  if (steps.every((step) => step.cells.length === 0)) return null;
  const simulated = steps.some((step) => step.cells.some((cell) => cell.simulatedRequests > 0));
  return { outages: outagesOf(steps), simulated };
}

/** Hours, oldest first, and quarters of those in which something failed. */
async function stepsOf(facts: Facts, window: Window, service: string): Promise<Step[]> {
  const own = (steps: readonly Step[]): Step[] =>
    steps.map((step) => ({
      window: step.window,
      cells: step.cells.filter((cell) => cell.service === service),
    }));
  const steps: Step[] = [];
  let looked = 0;
  for (const hour of own(await facts.steps(window, HOUR_MS))) {
    const failed = hour.cells.reduce((sum, cell) => sum + failures(cell), 0);
    if (failed < FAILED_LEAST || looked >= MAX_LOOKED_INTO) steps.push(hour);
    else {
      looked += 1;
      steps.push(...own(await facts.steps(hour.window, STEP_MS)));
    }
  }
  return steps;
}

/** Steps without traffic neither begin nor end an outage. */
function outagesOf(steps: readonly Step[]): Window[] {
  const outages: Window[] = [];
  let open: Window | null = null;
  for (const { window, cells } of steps) {
    const asked = cells.reduce((sum, cell) => sum + cell.requests, 0);
    if (asked === 0) continue;
    const failed = cells.reduce((sum, cell) => sum + failures(cell), 0);
    if (failed >= FAILED_LEAST && failed / asked >= FAILED_SHARE) {
      const fromMs: number = open === null ? window.fromMs : open.fromMs;
      open = { fromMs, toMs: window.toMs };
    } else if (open !== null) {
      outages.push({ fromMs: open.fromMs, toMs: window.fromMs });
      open = null;
    }
  }
  return open === null ? outages : [...outages, open];
}

/** Requests that failed for a reason of ours or of an engine, not of the client. */
function failures({ outcomes, status }: Cell): number {
  const refused = status !== null && status >= 500 ? (outcomes.rejected ?? 0) : 0;
  const { upstream_error: upstream = 0, engine_crash: crash = 0, timeout = 0 } = outcomes;
  return upstream + crash + timeout + refused;
}
