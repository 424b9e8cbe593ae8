import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KeptBytes } from './kept-bytes.ts';

type Step = { kind: 'add'; bytes: Uint8Array } | { kind: 'drop'; share: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('add' as const), bytes: fc.uint8Array({ maxLength: 20_000 }) }),
  fc.record({
    kind: fc.constant('drop' as const),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
);

test('several streams at once each keep their own bytes, also in memory that others gave back', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(2), step), { maxLength: 60 }),
      fc.nat(2),
      (steps, ends) => {
        const streams = [0, 1, 2].map(() => ({ kept: new KeptBytes(), plain: Buffer.alloc(0) }));
        for (const [at, one] of steps) {
          const stream = streams[at];
          if (stream === undefined) continue;
          if (one.kind === 'add') {
            stream.kept.add(Buffer.from(one.bytes));
            stream.plain = Buffer.concat([stream.plain, one.bytes]);
          } else {
            const bytes = Math.floor(stream.plain.length * one.share);
            stream.kept.drop(bytes);
            stream.plain = stream.plain.subarray(bytes);
          }
          if (at === ends) {
            stream.kept.release();
            stream.plain = Buffer.alloc(0);
          }
        }
        for (const { kept, plain } of streams) {
          expect(kept.length).toBe(plain.length);
          expect(kept.text()).toBe(plain.toString('utf8'));
          expect(kept.text(100)).toBe(plain.subarray(-100).toString('utf8'));
          kept.release();
          expect(kept.text()).toBe('');
        }
      },
    ),
  );
});
