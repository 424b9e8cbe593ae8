import { TailraceError } from '../../records/errors.ts';
import type { GraphBuilder } from './dependency-graph.ts';
import { operationName, type Operation } from './step-trace.ts';

/** Clocks of ranks agree to this, seconds. */
const EPSILON_S = 5e-5;

type Direction = 'forward' | 'backward';
type Side = 'send' | 'recv';

/** Where the other end of a transfer is, in stages. */
const PEER_OFFSET: Readonly<Record<Direction, Readonly<Record<Side, number>>>> = {
  forward: { send: 1, recv: -1 },
  backward: { send: -1, recv: 1 },
};

export interface StageOperations {
  stage: number;
  /** Forward and backward computation by start. */
  compute: readonly Operation[];
  /** Sends and receives by start. */
  transfers: readonly Operation[];
}

const endS = ({ startS, durationS }: Operation): number => startS + durationS;

const nameOf = ({ opType, sequence, stage }: Operation): string =>
  operationName(opType, sequence, stage);

/**
 * Joins each send and receive with the computation that it serves, and with its other end. Transfers
 * that profilers record at the start or end of a step without any having happened, and those beyond
 * the first or last chunk of the model, stand alone.
 */
export function matchP2p(
  stages: readonly StageOperations[],
  graph: GraphBuilder,
  file: string,
): void {
  const stageCount = stages.length;
  const chunks =
    Math.max(...stages.flatMap(({ compute }) => compute.map(({ chunk }) => chunk))) + 1;
  const ends = new Map<string, string[]>();
  for (const stage of stages) {
    for (const direction of ['forward', 'backward'] as const) {
      for (const side of ['send', 'recv'] as const) {
        const matched = matchSide(stage, direction, side, { stageCount, file });
        join({
          matched,
          direction,
          side,
          graph,
          ends,
          stageCount,
          totalChunks: chunks * stageCount,
        });
      }
    }
  }
  for (const [key, names] of ends) {
    if (names.length !== 2) {
      throw new TailraceError(
        'TR_TRACE_INVALID',
        `${file}: ${names.join(' and ')} should be the two ends of ${key}; a send or receive is missing`,
        { field: 'FILE' },
      );
    }
    graph.group(names);
  }
}

interface Match {
  transfer: Operation;
  /** Null for a transfer that never happened. */
  compute: Operation | null;
}

/** Pairs the transfers of one kind on a stage, in order, with computations of that direction. */
function matchSide(
  { stage, compute, transfers }: StageOperations,
  direction: Direction,
  side: Side,
  { stageCount, file }: { stageCount: number; file: string },
): Match[] {
  const served = compute.filter(({ opType }) => opType === `${direction}-compute`);
  const own = transfers.filter(({ opType }) => opType === `${direction}-${side}`);
  const lastStartS = Math.max(...served.map(({ startS }) => startS));
  const firstEndS = Math.min(...served.map(endS));
  const happened = (transfer: Operation): boolean =>
    side === 'recv'
      ? transfer.startS <= lastStartS + EPSILON_S
      : endS(transfer) >= firstEndS - EPSILON_S;
  const count = own.filter(happened).length;
  const missing = served.length - count;
  const atEnd = stage === 0 || stage === stageCount - 1;
  if (missing !== 0 && (!atEnd || (count !== 0 && missing !== 1))) {
    const text = `stage ${stage} has ${count} ${direction}-${side} for ${served.length} computations`;
    throw new TailraceError('TR_TRACE_INVALID', `${file}: ${text}`, { field: 'FILE' });
  }
  // With virtual stages the very first receive may be left out: skip its computation.
  let next = side === 'recv' && missing === 1 ? 1 : 0;
  return own.map((transfer) => {
    if (!happened(transfer)) return { transfer, compute: null };
    const sequence = next++;
    return { transfer, compute: served.find((one) => one.sequence === sequence) ?? null };
  });
}

function join(given: {
  matched: readonly Match[];
  direction: Direction;
  side: Side;
  graph: GraphBuilder;
  ends: Map<string, string[]>;
  stageCount: number;
  totalChunks: number;
}): void {
  const { matched, direction, side, graph, ends, stageCount, totalChunks } = given;
  const offset = PEER_OFFSET[direction][side];
  let transferred = 0;
  for (const { transfer, compute } of matched) {
    const name = nameOf(transfer);
    const peerChunk = (compute?.globalChunk ?? -1) + offset;
    if (compute === null || peerChunk < 0 || peerChunk >= totalChunks) {
      graph.group([name]);
    } else {
      const { stage } = transfer;
      const [from, to] = side === 'send' ? [stage, stage + offset] : [stage + offset, stage];
      const around = (value: number): number => (value + stageCount) % stageCount;
      const key = `${direction} transfer ${transferred++}, stage ${around(from)} to ${around(to)}`;
      ends.set(key, [...(ends.get(key) ?? []), name]);
    }
    if (compute !== null) order(graph, side, name, compute);
  }
}

/** A send follows its computation; a receive follows the computation before and precedes its own. */
function order(graph: GraphBuilder, side: Side, transfer: string, compute: Operation): void {
  if (side === 'send') {
    graph.after(transfer, [nameOf(compute)]);
    return;
  }
  graph.after(nameOf(compute), [transfer]);
  const { opType, sequence, stage } = compute;
  if (sequence > 0) graph.after(transfer, [operationName(opType, sequence - 1, stage)]);
}
