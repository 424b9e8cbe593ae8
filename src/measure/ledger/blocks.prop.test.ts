import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TailraceError } from '../../records/errors.ts';
import { decodeBlock, encodeBlock } from './block-codec.ts';
import {
  addRecord,
  cellIn,
  groupKey,
  groupings,
  hourMs,
  minuteMs,
  noteSlow,
} from './cell-store.ts';
import type { CellMap } from './cell-store.ts';
import { coverOf, floorTo, tiersMs, type StartsOf, type TierMs } from './rollup-blocks.ts';
import { makeRecord } from './testing-state.ts';

const latencyMs = fc.double({ min: 0, max: 1e6, noNaN: true }).map((ms) => ms + 0);
const record = fc
  .record({
    service: fc.constantFrom(null, 's0', 's1'),
    tenant: fc.option(fc.string()),
    feature: fc.constantFrom(null, 'chat'),
    status: fc.constantFrom(200, 429),
    e2eMs: latencyMs,
    ttftMs: fc.option(latencyMs),
    usageUsd: fc.option(latencyMs),
  })
  .map(({ e2eMs, ttftMs, usageUsd, ...names }) => {
    const made = makeRecord(names);
    made.latency = Object.assign(made.latency, { e2eMs, ttftMs });
    made.cost = Object.assign(made.cost, { usageUsd });
    return made;
  });
const cellsArb = fc
  .tuple(fc.constantFrom(...groupings), fc.array(record, { maxLength: 60 }))
  .map(([by, records]) => {
    const cells: CellMap = new Map();
    for (const one of records) {
      const cell = cellIn(cells, groupKey(by, one));
      addRecord(cell, one);
      noteSlow(cell, one, null);
    }
    return cells;
  });

/** Sketches compared by what they hold: how they hold it differs before and after. */
const plain = (cells: CellMap): unknown =>
  [...cells].map(([text, { ttft, tpot, e2e, ...rest }]) => [
    text,
    rest,
    [ttft, tpot, e2e].map((one) => [one.buckets(), one.count, one.sum, one.min, one.max]),
  ]);

test('a block holds its cells to the last bit', () => {
  fc.assert(
    fc.property(cellsArb, (cells) => {
      expect(plain(decodeBlock(encodeBlock(cells)))).toEqual(plain(cells));
    }),
  );
});

test('bytes that are no block are an error with a code', () => {
  fc.assert(
    fc.property(cellsArb, fc.nat(), fc.nat(255), (cells, at, byte) => {
      const bytes = Buffer.from(encodeBlock(cells));
      const cut = bytes.subarray(0, at % bytes.length);
      expect(() => decodeBlock(cut)).toThrow(TailraceError);
      bytes[at % bytes.length] = byte;
      try {
        decodeBlock(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(TailraceError);
      }
    }),
  );
});

test('R8: a cover holds each minute of its window once, whichever coarse blocks are there', () => {
  const minute = fc.integer({ min: 0, max: 3 * 24 * 60 });
  const minutes = fc.uniqueArray(minute, { maxLength: 60 });
  fc.assert(
    fc.property(minutes, minute, minute, fc.infiniteStream(fc.boolean()), (some, a, b, isThere) => {
      const window = { fromMs: Math.min(a, b) * minuteMs, toMs: Math.max(a, b) * minuteMs };
      const ascending = some.map((one) => one * minuteMs).toSorted((x, y) => x - y);
      const startsByTier = new Map<TierMs, number[]>();
      for (const tierMs of tiersMs) {
        const starts = [...new Set(ascending.map((startMs) => floorTo(startMs, tierMs)))];
        // Fine blocks always are; a coarse one may not have been made yet.
        const there = starts.filter(() => tierMs < hourMs || isThere.next().value);
        startsByTier.set(tierMs, there);
      }
      const startsOf: StartsOf = (tierMs, { fromMs, toMs }) =>
        (startsByTier.get(tierMs) ?? []).filter((startMs) => startMs >= fromMs && startMs < toMs);
      const cover = coverOf(startsOf, window, tiersMs);
      const inside = ({ startMs, tierMs }: (typeof cover)[number]): number[] =>
        ascending.filter((one) => one >= startMs && one < startMs + tierMs);
      expect(cover.flatMap(inside)).toEqual(
        ascending.filter((one) => one >= window.fromMs && one < window.toMs),
      );
    }),
  );
});
