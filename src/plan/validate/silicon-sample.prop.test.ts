import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TailraceError } from '../../records/errors.ts';
import { modelOf, readSiliconSample } from './silicon-sample.ts';

const text = readFileSync('test/fixtures/planning/aiconfigurator/silicon_sample.csv', 'utf8');
const few = text.split('\r\n').slice(0, 4).join('\r\n');

describe('readSiliconSample', () => {
  it('describes every row of the visible sample, each key once', () => {
    const { rows, undescribed } = readSiliconSample(text);
    expect(undescribed).toEqual([]);
    expect(new Set(rows.map((run) => run.key)).size).toBe(text.trim().split('\n').length - 1);
  });

  it('reads or names what is wrong, whatever is damaged', () => {
    const at = fc.integer({ min: 0, max: few.length });
    fc.assert(
      fc.property(at, fc.string({ maxLength: 6 }), fc.nat(20), (from, junk, cut) => {
        try {
          const { rows } = readSiliconSample(few.slice(0, from) + junk + few.slice(from + cut));
          for (const { ttftMs, tpotMs, query } of rows) {
            expect(Math.min(ttftMs, tpotMs, query.concurrency)).toBeGreaterThan(0);
          }
        } catch (error) {
          expect(error).toBeInstanceOf(TailraceError);
        }
      }),
    );
  });

  it('names the line and column of a figure that is none', () => {
    const bad = few.replace(/,205\.[\d.]+,/, ',fast,');
    expect(() => readSiliconSample(bad)).toThrow(/line 2: silicon_ttft_ms is "fast"/);
  });

  it('leaves out a row without a time, and says which', () => {
    const sample = readSiliconSample(few.replace(/,205\.[\d.]+,/, ',,'));
    expect(sample.unmeasured).toEqual(['line 2: silicon_ttft_ms is empty or 0, not scored']);
    expect(sample.rows).toHaveLength(readSiliconSample(few).rows.length - 1);
  });

  it('finds the shape behind names that say how weights are stored', () => {
    expect(modelOf('nvidia/Qwen3-32B-NVFP4')?.id).toBe('qwen3-32b');
    expect(modelOf('someone/Llama-3.1-8B-Instruct-AWQ')?.id).toBe('llama-3.1-8b');
    expect(modelOf('nvidia/DeepSeek-R1-0528-FP4-v2')?.id).toBe('deepseek-r1');
    expect(modelOf('nobody/Nothing-1B')).toBeNull();
  });
});
