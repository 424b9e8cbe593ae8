import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TailraceError } from '../errors.ts';
import { secondsPerStep } from './metric-series.ts';
import { metricCsvLayout, readMetricCsv } from './read-metric-csv.ts';

const read = (text: string) => readMetricCsv(text, 'm.csv', 'loss');

describe('metric CSV', () => {
  it('of TensorBoard is one series under the name given', () => {
    const text = 'Wall time,Step,Value\r\n1700000000.5,0,2.5\r\n1700000010.5,100,NaN\r\n';
    const [series, ...more] = read(text);
    expect(more).toEqual([]);
    expect(series).toEqual({
      name: 'loss',
      points: [
        { step: 0, atMs: 1_700_000_000_500, value: 2.5 },
        { step: 100, atMs: 1_700_000_010_500, value: null },
      ],
    });
    expect(series === undefined ? null : secondsPerStep(series)).toBeCloseTo(0.1, 9);
  });

  it('of W&B is a series per column, without gaps, ranges and text', () => {
    const table = [
      '_step,_timestamp,_runtime,train/loss,note,"a, b"',
      '1,1700000000,1,2.5,warm,',
      '2,1700000001,2,,warm,7e-1',
    ].join('\n');
    expect(read(table)).toEqual([
      { name: 'train/loss', points: [{ step: 1, atMs: 1_700_000_000_000, value: 2.5 }] },
      { name: 'a, b', points: [{ step: 2, atMs: 1_700_000_001_000, value: 0.7 }] },
    ]);
    const chart = '"Step","run - loss","run - loss__MIN","run - loss__MAX"\n"1","2","2","2"\n';
    expect(read(chart).map((one) => one.name)).toEqual(['run - loss']);
    expect(read(chart).map(secondsPerStep)).toEqual([null]);
  });

  it.each([
    ['a,b\n1,2', /m\.csv: line 1: header/],
    ['Wall time,Step,Value\n1,x,2', /line 2: Step: "x"/],
    ['Wall time,Step,Value\nsoon,1,2', /line 2: Wall time: "soon"/],
    ['Wall time,Step,Value\n1,1', /line 2: row: 2 fields under 3/],
    ['Wall time,Step,Value\n', /holds no value/],
  ])('refuses %j', (text, message) => {
    expect(() => read(text)).toThrow(message);
  });

  it('never fails but by a coded error', () => {
    const part = fc.constantFrom('Step', 'Value', ',', '"', '\n', '1', 'NaN', 'Wall time', 'é');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
        try {
          read(parts.join(''));
        } catch (error) {
          expect(error).toBeInstanceOf(TailraceError);
        }
      }),
    );
  });

  it('is told by its header', () => {
    expect(metricCsvLayout('Wall time,Step,Value')).toBe('tensorboard');
    expect(metricCsvLayout('_step,loss')).toBe('wandb');
    expect(metricCsvLayout('timestamp,input_tokens,output_tokens')).toBeNull();
  });
});
