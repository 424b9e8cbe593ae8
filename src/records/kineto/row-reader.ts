import { addRow, createEventTable, NONE, type EventTable } from './event-table.ts';
import { KIND, kindOf } from './event-kind.ts';
import type { OperatorShapes } from './kineto-trace.ts';

/** Gathers events into columns; `take` is the hot function, about a microsecond an event. */
export interface RowReader {
  events: EventTable;
  names: string[];
  threads: string[];
  shapes: Map<number, OperatorShapes>;
  eventCount: number;
  frameCount: number;
  fractional: boolean;
  firstStartUs: number | null;
  take(event: unknown): void;
}

type Fields = Readonly<Record<string, unknown>>;
const NO_ARGS: Fields = {};

export function createRowReader(keepShapesOf: (name: string) => boolean): RowReader {
  const names = interner();
  const threads = threadInterner();
  const reader: RowReader = {
    events: createEventTable(),
    names: names.values,
    threads: threads.values,
    shapes: new Map(),
    eventCount: 0,
    frameCount: 0,
    fractional: false,
    firstStartUs: null,
    take: (event) => {
      const position = reader.eventCount++;
      if (isFields(event)) takeEvent(event, position);
    },
  };

  function takeEvent(event: Fields, position: number): void {
    const startUs = event['ts'];
    if (typeof startUs !== 'number') {
      reader.fractional = true;
      return;
    }
    if (!Number.isInteger(startUs)) reader.fractional = true;
    const { dur: durationUs, cat: category, ph: phase, name } = event;
    if (phase !== 'X' || typeof durationUs !== 'number' || typeof category !== 'string') return;
    const kind = kindOf(category);
    if (position === 0 && kind !== KIND.span) reader.firstStartUs = startUs;
    if (kind === KIND.frame) {
      reader.frameCount++;
      return;
    }
    const label = typeof name === 'string' ? name : '';
    const args = isFields(event['args']) ? event['args'] : NO_ARGS;
    const row = addRow(reader.events);
    const { events } = reader;
    events.position[row] = position;
    events.kind[row] = kind;
    events.name[row] = names.idOf(label);
    events.startUs[row] = startUs;
    events.durationUs[row] = durationUs;
    events.thread[row] = threads.idOf(event['pid'], event['tid']);
    takeArgs(events, row, args);
    if (kind === KIND.operator && keepShapesOf(label)) {
      const shapes = shapesOf(args);
      if (shapes !== null) reader.shapes.set(row, shapes);
    }
  }

  return reader;
}

function takeArgs(events: EventTable, row: number, args: Fields): void {
  events.device[row] = whole(args['device']);
  events.stream[row] = whole(args['stream']);
  events.correlation[row] = numeric(args['correlation']);
  events.externalId[row] = numeric(args['external id'] ?? args['External id']);
  events.bytes[row] = numeric(args['bytes']);
  events.blocksPerSm[row] = numeric(args['blocks per SM']);
  events.occupancyPct[row] = numeric(args['est. achieved occupancy %']);
}

/** Some writers quote numbers; what is none is missing. */
function numeric(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.trim() === '') return NONE;
  const parsed = Number(value);
  return Number.isFinite(parsed) ? parsed : NONE;
}

const whole = (value: unknown): number => {
  const parsed = numeric(value);
  return Number.isInteger(parsed) && Math.abs(parsed) < 2 ** 31 ? parsed : NONE;
};

function shapesOf(args: Fields): OperatorShapes | null {
  const dims = args['Input Dims'] ?? args['Input dims'];
  const types = args['Input type'];
  if (!Array.isArray(dims) || !Array.isArray(types)) return null;
  const concrete = args['Concrete Inputs'];
  return {
    dims: dims.map((sizes: unknown) =>
      Array.isArray(sizes) ? sizes.filter((size) => typeof size === 'number') : [],
    ),
    types: types.map(text),
    concrete: Array.isArray(concrete) ? concrete.map(text) : [],
  };
}

const text = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

/** Gives each distinct text a small number, in the order of first sight. */
function interner(): { values: string[]; idOf: (value: string) => number } {
  const ids = new Map<string, number>();
  const values: string[] = [];
  return {
    values,
    idOf(value) {
      const known = ids.get(value);
      if (known !== undefined) return known;
      ids.set(value, values.length);
      values.push(value);
      return values.length - 1;
    },
  };
}

/** Numbers for pairs of process and thread; a number and its text are one thread. */
function threadInterner(): { values: string[]; idOf(process: unknown, thread: unknown): number } {
  const { values, idOf } = interner();
  const known = new Map<unknown, Map<unknown, number>>();
  return {
    values,
    idOf(process, thread) {
      const threads = known.get(process) ?? new Map<unknown, number>();
      const id = threads.get(thread);
      if (id !== undefined) return id;
      known.set(process, threads);
      const next = idOf(`${text(process)}/${text(thread)}`);
      threads.set(thread, next);
      return next;
    },
  };
}
