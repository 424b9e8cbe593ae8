import { TailraceError } from '../errors.ts';
import { isDeviceWork } from './event-kind.ts';
import type { KinetoTrace, TraceDevice } from './kineto-trace.ts';
import { createRowReader, type RowReader } from './row-reader.ts';
import { traceEvents } from './trace-events.ts';

export interface ReadKinetoOptions {
  /** The name that messages give. */
  file: string;
  /** Operators whose shapes are kept; none by default. */
  keepShapesOf?: (name: string) => boolean;
  /** Events kept at most; no bound by default. */
  maxEvents?: number;
}

/**
 * Reads a Kineto Chrome trace, already unpacked, in one pass: memory is the columns of complete
 * events and one batch of text. Throws TR_TRACE_INVALID, TR_TRACE_TRUNCATED, TR_BODY_TOO_LARGE beyond
 * `maxEvents` and, when nothing ran on a device, TR_TRACE_NO_DEVICE.
 */
export async function readKineto(
  chunks: AsyncIterable<Uint8Array>,
  { file, keepShapesOf = () => false, maxEvents = Infinity }: ReadKinetoOptions,
): Promise<KinetoTrace> {
  const reader = createRowReader(keepShapesOf);
  const fields: Record<string, unknown> = {};
  for await (const part of traceEvents(chunks, file)) {
    if (part.kind === 'fields') Object.assign(fields, part.fields);
    else for (const event of part.events) reader.take(event);
    if (reader.events.length > maxEvents) throw tooMany(file, maxEvents);
  }
  refuseWithoutDevice(reader, file);
  const { events, names, threads, shapes, eventCount, frameCount } = reader;
  const { fractional, firstStartUs } = reader;
  const distributed = recordOf(fields['distributedInfo']);
  return {
    file,
    events,
    names,
    threads,
    shapes,
    devices: devicesOf(fields['deviceProperties']),
    rank: numberOf(distributed['rank']),
    worldSize: numberOf(distributed['world_size']),
    fields,
    eventCount,
    frameCount,
    fractional,
    firstStartUs,
  };
}

const tooMany = (file: string, maxEvents: number): TailraceError =>
  new TailraceError(
    'TR_BODY_TOO_LARGE',
    `${file}: has more than ${maxEvents} events; profile fewer steps`,
    { field: 'FILE' },
  );

function refuseWithoutDevice({ events, eventCount }: RowReader, file: string): void {
  for (let row = 0; row < events.length; row++) {
    if (isDeviceWork(events.kind[row] ?? 0)) return;
  }
  const found = eventCount === 0 ? 'no events' : `${eventCount} events, all of the host`;
  throw new TailraceError(
    'TR_TRACE_NO_DEVICE',
    `${file}: has ${found}; profile with ProfilerActivity.CUDA or that of your accelerator`,
    { field: 'FILE' },
  );
}

function devicesOf(value: unknown): TraceDevice[] {
  if (!Array.isArray(value)) return [];
  return value.map((entry: unknown, index) => {
    const device = recordOf(entry);
    const major = numberOf(device['computeMajor']);
    const minor = numberOf(device['computeMinor']);
    const name = device['name'];
    return {
      id: numberOf(device['id']) ?? index,
      name: typeof name === 'string' && name !== '' ? name : null,
      multiprocessors: numberOf(device['numSms']),
      capability: major === null || minor === null ? null : `${major}.${minor}`,
      memoryBytes: numberOf(device['totalGlobalMem']),
    };
  });
}

const recordOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {};

const numberOf = (value: unknown): number | null => (typeof value === 'number' ? value : null);
