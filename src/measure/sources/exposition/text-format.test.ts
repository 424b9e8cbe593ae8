import { describe, expect, it } from 'vitest';
import { parseTextFormat } from './text-format.ts';

function samples(text: string) {
  const parsed = parseTextFormat(text);
  if (!parsed.ok) throw parsed.error;
  return parsed.value.samples.map(({ name, labels, value, timestampMs }) => {
    return { name, labels: Object.fromEntries(labels), value, timestampMs };
  });
}

function refusal(text: string): string {
  const parsed = parseTextFormat(text);
  return parsed.ok ? 'accepted' : `${parsed.error.code} ${parsed.error.message}`;
}

describe('prometheus text', () => {
  it('reads names, labels, values and timestamps', () => {
    const text = [
      '# HELP http_requests_total The total number of HTTP requests.',
      '# TYPE http_requests_total counter',
      'http_requests_total{method="post",code="200"} 1027 1395066363000',
      '',
      '# any comment',
      'msdos_file_access_time_seconds{path="C:\\\\DIR\\\\FILE.TXT",error="no \\"x\\"\\n"} 1.458255915e9',
      'metric_without_timestamp_and_labels 12.47',
      ' \tspaced { a = "b" , }\t+Inf\t-3982045',
      'latency_bucket{le="+Inf"} .5',
      'odd NaN\n',
    ].join('\n');
    const plain = { labels: {}, timestampMs: null };
    expect(samples(text)).toEqual([
      {
        name: 'http_requests_total',
        labels: { method: 'post', code: '200' },
        value: 1027,
        timestampMs: 1395066363000,
      },
      {
        ...plain,
        name: 'msdos_file_access_time_seconds',
        labels: { path: 'C:\\DIR\\FILE.TXT', error: 'no "x"\n' },
        value: 1.458255915e9,
      },
      { ...plain, name: 'metric_without_timestamp_and_labels', value: 12.47 },
      { name: 'spaced', labels: { a: 'b' }, value: Infinity, timestampMs: -3982045 },
      { ...plain, name: 'latency_bucket', labels: { le: '+Inf' }, value: 0.5 },
      { ...plain, name: 'odd', value: Number.NaN },
    ]);
  });

  it('keeps the declared types', () => {
    const parsed = parseTextFormat('# TYPE a gauge\na 1\n# TYPE b histogram\n');
    expect(parsed.ok && [...parsed.value.types]).toEqual([
      ['a', 'gauge'],
      ['b', 'histogram'],
    ]);
  });

  it.each([
    ['a 1\nb 2', 'line 2: the last line does not end with a line feed'],
    ['a 1\n{x="1"} 2\n', 'line 2: no metric name'],
    ['a{x="1" y="2"} 2\n', 'line 1: neither "," nor "}" after label x'],
    ['a{x=1} 2\n', 'line 1: the value of label x is not quoted'],
    ['a{x="1} 2\n', 'line 1: the value of label x has no end'],
    ['a{x="\\t"} 2\n', 'line 1: unknown escape in label x'],
    ['a{x="1",x="2"} 2\n', 'line 1: label x occurs twice'],
    ['a{,} 2\n', 'line 1: no label name'],
    ['a\n', 'line 1: no value'],
    ['a 0x10\n', 'line 1: the value is not a number'],
    ['a 1_000\n', 'line 1: the value is not a number'],
    ['a 1 2 3\n', 'line 1: text after the timestamp'],
    ['a 1 1.5\n', 'line 1: the timestamp is not a whole number of milliseconds'],
    ['# TYPE a gauge\n# TYPE a gauge\n', 'line 2: second TYPE of a'],
    ['a 1\n# TYPE a gauge\n', 'line 2: TYPE of a stands after its samples'],
    ['# TYPE a meter\n', 'line 1: TYPE of a is not one of'],
  ])('refuses %j', (text, message) => {
    expect(refusal(text)).toContain(`TR_UPSTREAM_INVALID metrics text, ${message}`);
  });

  it('is bounded', () => {
    const small = { maxChars: 100, maxSamples: 2, maxLabels: 1 };
    expect(parseTextFormat('x'.repeat(101), small)).toMatchObject({
      error: { code: 'TR_UPSTREAM_TOO_LARGE' },
    });
    expect(parseTextFormat('a 1\nb 1\nc 1\n', small).ok).toBe(false);
    expect(parseTextFormat('a{b="",c=""} 1\n', small).ok).toBe(false);
    expect(parseTextFormat('a{b=""} 1\nb 1\n', small).ok).toBe(true);
  });
});
