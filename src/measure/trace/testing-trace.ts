import { readKineto } from '../../records/kineto/read-kineto.ts';
import type { KinetoTrace } from '../../records/kineto/kineto-trace.ts';
import { hasCost } from './operator-cost.ts';

/** A complete event of a made-up trace; times in microseconds. */
export interface TestEvent {
  cat: string;
  name: string;
  ts: number;
  dur: number;
  tid?: number;
  args?: Record<string, unknown>;
}

/** Reads a trace of these events as from a file. */
export function testTrace(
  events: readonly TestEvent[],
  fields: Record<string, unknown> = {},
): Promise<KinetoTrace> {
  const traceEvents = events.map((event) => ({ ph: 'X', pid: 1, tid: 1, ...event }));
  const text = JSON.stringify({ schemaVersion: 1, ...fields, traceEvents });
  return readKineto(bytesOf(text), { file: 'test.json', keepShapesOf: hasCost });
}

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

/** A kernel, and the call that launched it one microsecond before `launchUs + 1`. */
export function launched(
  name: string,
  launchUs: number,
  startUs: number,
  durationUs: number,
  more: { stream?: number; correlation?: number } = {},
): TestEvent[] {
  const { stream = 7, correlation = launchUs } = more;
  const args = { correlation, stream, device: 0 };
  return [
    { cat: 'cuda_runtime', name: 'cudaLaunchKernel', ts: launchUs, dur: 1, args: { correlation } },
    { cat: 'kernel', name, ts: startUs, dur: durationUs, args },
  ];
}
