import { z } from 'zod';
import { createRandom } from '../core/random.ts';
import { reject, type Reading } from './http-error.ts';
import type { FaultSettings } from './simulated-config.ts';

/** Request header that asks for one fault: `error`, `cut`, `stall`, `stall=250`, `slow-start`, `slow-start=250`. */
export const FAULT_HEADER = 'x-tailrace-fault';

/**
 * What goes wrong with one request. `error`: answered with 500 before any work. `cut`: the socket is closed after
 * part of the reply. `stall`: no byte for so long, part of the way through. `slow-start`: the request
 * reaches the engine only after so long. Real milliseconds.
 */
export type Fault =
  | { kind: 'none' }
  | { kind: 'error' }
  | { kind: 'cut' }
  | { kind: 'stall'; ms: number }
  | { kind: 'slow-start'; ms: number };

const DEFAULT_SLOW_START_MS = 1000;
const MAX_MS = 600_000;

const share = z.number().min(0).max(1);
const patch = z.strictObject({
  errorRate: share.optional(),
  stallRate: share.optional(),
  stallMs: z.number().positive().max(MAX_MS).optional(),
  cutRate: share.optional(),
  slowStartMs: z.number().min(0).max(MAX_MS).optional(),
  powerCapW: z.number().positive().max(100_000).nullable().optional(),
});

/** Applies the body of POST /faults: named settings change, the others stay. */
export function patchFaults(settings: FaultSettings, body: unknown): Reading<FaultSettings> {
  const parsed = patch.safeParse(body);
  if (!parsed.success) return reject(z.prettifyError(parsed.error));
  const given = Object.entries(parsed.data).filter(([, value]) => value !== undefined);
  return { ok: true, value: { ...settings, ...Object.fromEntries(given) } };
}

/** The fault that the header asks for; null without a header. */
export function readFaultHeader(
  header: string | undefined,
  settings: FaultSettings,
): Reading<Fault | null> {
  if (header === undefined) return { ok: true, value: null };
  const match = /^(error|cut|stall|slow-start)(?:=(\d{1,6}))?$/.exec(header.trim());
  const ms = match?.[2] === undefined ? null : Math.min(MAX_MS, Number(match[2]));
  switch (match?.[1]) {
    case 'error':
    case 'cut':
      return { ok: true, value: { kind: match[1] } };
    case 'stall':
      return { ok: true, value: { kind: 'stall', ms: ms ?? settings.stallMs } };
    case 'slow-start': {
      const fallbackMs = settings.slowStartMs > 0 ? settings.slowStartMs : DEFAULT_SLOW_START_MS;
      return { ok: true, value: { kind: 'slow-start', ms: ms ?? fallbackMs } };
    }
    default:
      return reject(`${FAULT_HEADER}: error, cut, stall[=ms] or slow-start[=ms]`, FAULT_HEADER);
  }
}

/**
 * Draws a fault by the configured rates (which may add up to 1 and no further counts). `warmInMs` is
 * what is left of a slow start of the whole engine.
 */
export function drawFault(seed: number, settings: FaultSettings, warmInMs: number): Fault {
  const draw = createRandom(seed).uniform();
  const { errorRate, stallRate, cutRate } = settings;
  if (draw < errorRate) return { kind: 'error' };
  if (draw < errorRate + stallRate) return { kind: 'stall', ms: settings.stallMs };
  if (draw < errorRate + stallRate + cutRate) return { kind: 'cut' };
  return warmInMs > 0 ? { kind: 'slow-start', ms: warmInMs } : { kind: 'none' };
}
