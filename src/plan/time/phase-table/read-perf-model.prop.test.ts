import fc from 'fast-check';
import { describe, it } from 'vitest';
import { readPerfModel } from './read-perf-model.ts';

const HEADER =
  'model,hardware,prompt_size,batch_size,token_size,average_power,prompt_time,token_time,tensor_parallel';

describe('readPerfModel', () => {
  it('reads whole rows or names what is wrong; never throws, never lets NaN through', () => {
    const cell = fc.oneof(
      fc.constantFrom('512', '-1', '', 'NaN', '1e400', '0x10', '1.5', 'a"b', '"', '0'),
      fc.string({ maxLength: 6 }),
    );
    const line = fc.array(cell, { minLength: 7, maxLength: 10 }).map((cells) => cells.join(','));
    const text = fc.array(line, { maxLength: 5 }).map((lines) => [HEADER, ...lines].join('\n'));
    fc.assert(
      fc.property(fc.oneof(text, fc.string()), (input) => {
        const rows = readPerfModel(input, 'f.csv');
        if (!rows.ok) return rows.error.message.startsWith('f.csv') && rows.error.field !== null;
        return rows.value.every((row) =>
          Object.values(row).every(
            (value) => value === null || typeof value === 'string' || Number.isFinite(value),
          ),
        );
      }),
    );
  });
});
