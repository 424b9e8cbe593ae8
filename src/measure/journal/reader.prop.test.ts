import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { fileHeader, frameHeadBytes, headerBytes, writeFrame } from './frames.ts';
import { readFile } from './testing-journal.ts';

const dir = mkdtempSync(join(tmpdir(), 'tailrace-journal-prop-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const path = join(dir, 'w-1-0.tj');

/** Any text that JSON can carry, numbered so that each line is told apart. */
const linesArbitrary = fc
  .array(fc.string({ unit: 'binary', maxLength: 80 }), { minLength: 1, maxLength: 12 })
  .map((texts) => texts.map((text, n) => `${JSON.stringify({ v: 1, n, text })}\n`));

function encode(lines: readonly string[]): { bytes: Buffer; starts: number[] } {
  const starts: number[] = [];
  const parts = [fileHeader()];
  let at = headerBytes;
  for (const line of lines) {
    const frame = Buffer.alloc(frameHeadBytes + Buffer.byteLength(line));
    writeFrame(frame, 0, line);
    starts.push(at);
    at += frame.length;
    parts.push(frame);
  }
  return { bytes: Buffer.concat(parts), starts };
}

const isSubsequence = (some: readonly string[], all: readonly string[]): boolean => {
  let at = 0;
  for (const one of some) {
    at = all.indexOf(one, at) + 1;
    if (at === 0) return false;
  }
  return true;
};

it('J6: what was written is read, in any pieces', async () => {
  await fc.assert(
    fc.asyncProperty(linesArbitrary, fc.nat(300), async (lines, pieceBytes) => {
      writeFileSync(path, encode(lines).bytes);
      const read = await readFile(path, { pieceBytes, closed: false });
      expect(read.payloads.map(String)).toEqual(lines);
      expect(read.corruptFrames).toBe(0);
    }),
    { numRuns: 100 },
  );
});

it('J7: a file cut anywhere gives the frames before the cut and no damage', async () => {
  await fc.assert(
    fc.asyncProperty(
      linesArbitrary,
      fc.double({ min: 0, max: 1, noNaN: true }),
      async (lines, f) => {
        const { bytes, starts } = encode(lines);
        const cut = Math.floor(bytes.length * f);
        writeFileSync(path, bytes.subarray(0, cut));
        const whole = lines.filter((_, i) => (starts[i + 1] ?? bytes.length) <= cut);
        for (const closed of [true, false]) {
          const read = await readFile(path, { closed });
          expect(read.payloads.map(String)).toEqual(whole);
          expect(read).toMatchObject({ corruptFrames: 0, lostRecords: 0 });
          if (closed) expect(read.nextOffset).toBe(cut);
        }
      },
    ),
    { numRuns: 100 },
  );
});

it('J6: one changed byte costs the frame it is in and no other', async () => {
  await fc.assert(
    fc.asyncProperty(
      linesArbitrary,
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      async (...args) => {
        const [lines, place, flip] = args;
        const { bytes, starts } = encode(lines);
        const at = place % bytes.length;
        bytes[at] = (bytes[at] ?? 0) ^ flip;
        const hit = starts.findLastIndex((start) => start <= at);
        writeFileSync(path, bytes);
        const read = await readFile(path);
        expect(read.payloads.map(String)).toEqual(lines.filter((_, n) => n !== hit));
        // The reserved bytes of the header are not looked at; a last frame whose length now runs past
        // the end cannot be told from one that a kill cut off.
        const isSilent =
          (hit === -1 && at >= 6) || (hit === lines.length - 1 && at < (starts[hit] ?? 0) + 4);
        expect(read.corruptFrames).toBe(isSilent ? read.corruptFrames : 1);
        expect(read.corruptFrames).toBeLessThanOrEqual(1);
      },
    ),
    { numRuns: 400 },
  );
});

it('J6: any damage ends, throws nothing and invents nothing', async () => {
  const damage = fc.record({
    kind: fc.constantFrom('set', 'cut', 'insert', 'repeat'),
    at: fc.nat(),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 24 }),
  });
  await fc.assert(
    fc.asyncProperty(linesArbitrary, fc.array(damage, { maxLength: 6 }), async (lines, damages) => {
      let bytes = encode(lines).bytes;
      for (const { kind, at: place, bytes: noise } of damages) {
        const at = place % (bytes.length + 1);
        const skip = kind === 'set' || kind === 'cut' ? noise.length : 0;
        const add = kind === 'cut' ? [] : kind === 'repeat' ? bytes.subarray(at, at + 200) : noise;
        bytes = Buffer.concat([bytes.subarray(0, at), Buffer.from(add), bytes.subarray(at + skip)]);
      }
      writeFileSync(path, bytes);
      for (const closed of [true, false]) {
        const read = await readFile(path, { closed, pieceBytes: 64 });
        const known = new Set(lines);
        const texts = read.payloads.map(String);
        expect(texts.every((text) => known.has(text))).toBe(true);
        if (!damages.some(({ kind }) => kind === 'repeat')) {
          expect(isSubsequence(texts, lines)).toBe(true);
        }
        if (closed) expect(read.nextOffset).toBe(bytes.length);
      }
    }),
    { numRuns: 300 },
  );
});
