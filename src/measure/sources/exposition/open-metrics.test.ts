import { describe, expect, it } from 'vitest';
import { parseOpenMetrics } from './open-metrics.ts';

function read(text: string) {
  const parsed = parseOpenMetrics(text);
  if (!parsed.ok) throw parsed.error;
  return parsed.value;
}

function refusal(lines: string[]): string {
  const parsed = parseOpenMetrics(`${lines.join('\n')}\n# EOF\n`);
  return parsed.ok ? 'accepted' : parsed.error.message;
}

describe('OpenMetrics', () => {
  it('reads types, timestamps and exemplars', () => {
    const { samples, types, help } = read(
      [
        '# TYPE a counter',
        '# HELP a All of "them".',
        'a_total{x="1"} 5 1395066363.5 # {trace="abc",n="é"} 0.67 1395066363',
        'a_created{x="1"} 1395066360 1395066363.5',
        '# TYPE h histogram',
        'h_bucket{le="0.5"} 2 # {} 0.1',
        'h_bucket{le="+Inf"} 3',
        'h_count 3',
        'h_sum 1.5',
        'free NaN',
        '# EOF',
        '',
      ].join('\n'),
    );
    expect(samples[0]).toEqual({
      name: 'a_total',
      labels: new Map([['x', '1']]),
      value: 5,
      timestampMs: 1395066363500,
      exemplar: {
        labels: new Map([
          ['trace', 'abc'],
          ['n', 'é'],
        ]),
        value: 0.67,
        timestampMs: 1395066363000,
      },
    });
    expect(samples.map(({ name }) => name)).toEqual([
      'a_total',
      'a_created',
      'h_bucket',
      'h_bucket',
      'h_count',
      'h_sum',
      'free',
    ]);
    expect([...types]).toEqual([
      ['a', 'counter'],
      ['h', 'histogram'],
      ['free', 'untyped'],
    ]);
    expect(help.get('a')).toBe('All of "them".');
  });

  it('reads quoted names and native histograms', () => {
    const { samples } = read(
      [
        '# TYPE "a b" gauge',
        '{"a b","c d"="1"} 2',
        '# TYPE n histogram',
        'n{x="1"} {count:24,sum:100,schema:0,zero_threshold:0.001,zero_count:4,' +
          'positive_spans:[0:2,1:2],negative_spans:[0:2],positive_deltas:[2,1,-3,3],negative_deltas:[2,1]}',
        '# EOF',
      ].join('\n'),
    );
    expect(samples[0]).toMatchObject({ name: 'a b', labels: new Map([['c d', '1']]), value: 2 });
    expect(samples[1]?.histogram).toMatchObject({
      count: 24,
      sum: 100,
      zeroCount: 4,
      positiveSpans: [
        { offset: 0, length: 2 },
        { offset: 1, length: 2 },
      ],
      positiveCounts: [2, 3, 0, 3],
      negativeCounts: [2, 3],
    });
  });

  it('drops a series that is repeated at one moment', () => {
    expect(read('a 1 5\na 2 5\na 3 6\n# EOF').samples.map(({ value }) => value)).toEqual([1, 3]);
  });

  it.each([
    [['a 1', '', 'b 1'], 'line 2: a blank line'],
    [['a 1 '], 'line 1: the timestamp'],
    [['a\t1'], 'line 1: no value'],
    [['# A comment'], 'line 1: neither # HELP'],
    [['a 1', '# TYPE a gauge'], 'line 2: TYPE of a stands after its samples'],
    [['# TYPE a meter'], 'line 1: TYPE of a is not one of'],
    [['# TYPE a counter', 'a_total -1'], 'line 2: a_total is negative'],
    [['# TYPE a info', 'a_info 2'], 'line 2: info a is not 1'],
    [['# TYPE a stateset', 'a{b="x"} 1'], 'line 2: stateset a has no label a'],
    [['# TYPE a summary', 'a{quantile="2"} 1'], 'line 2: label quantile'],
    [['# TYPE a gauge', 'a 1 # {t="1"} 1'], 'only buckets and counters have exemplars'],
    [['# TYPE a histogram', 'a_bucket{le="1"} 1'], 'histogram a has no +Inf bucket'],
    [['# UNIT a seconds'], 'the name of a does not end with its unit'],
    [['# TYPE a counter', 'a_total 1', 'a_total{x="1"} 1', 'a_total 1 5'], 'interleaved'],
    [['a{x="1",x="2"} 1'], 'line 1: label x occurs twice'],
    [['a{x="1",} 1'], 'line 1: no label name'],
    [['# TYPE a counter', '# TYPE a_total gauge'], 'belongs to two families'],
  ])('refuses %j', (lines, message) => {
    expect(refusal(lines)).toContain(message);
  });

  it('refuses a cut text', () => {
    expect(parseOpenMetrics('a 1\n')).toMatchObject({ ok: false });
    expect(parseOpenMetrics('a 1\n# EOF\nb 1\n')).toMatchObject({ ok: false });
  });
});
