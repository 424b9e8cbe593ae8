import fc from 'fast-check';

/**
 * Texts near the border between right and wrong: lines of the grammar with every odd token that readers differ
 * about, and texts with a few characters changed.
 */
export type Dialect = 'text' | 'open-metrics';

const number = fc.constantFrom(
  ...'0 1 1.5 -3 +4 5. .5 1e3 1e+3 1E-7 1e400 NaN nan +nan Inf +Inf -inf infinity 0x10 1_000 abc'.split(
    ' ',
  ),
  '',
  '1 ',
);
const good = fc.constantFrom('0', '1', '2', '1.5', '3e2', '+Inf');
const mostly = (usual: fc.Arbitrary<string>, odd: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.oneof({ weight: 8, arbitrary: usual }, { weight: 1, arbitrary: odd });

const name = mostly(
  fc.constantFrom(
    'a',
    'b',
    'a_total',
    'a_sum',
    'a_count',
    'a_bucket',
    'a_info',
    'a_created',
    'x:y',
  ),
  fc.constantFrom('', '1a', 'é', 'a-b', '"a b"', ':', 'a_gsum', 'a_gcount', 'a_seconds'),
);
const labelName = mostly(
  fc.constantFrom('le', 'quantile', 'a', 'job', 'x'),
  fc.constantFrom('', '__name__', '__x', 'a:b', '1', 'é', '"a b"', ' x', 'x '),
);
const labelValue = mostly(
  fc.constantFrom('"1"', '"0.5"', '"+Inf"', '"x"', '""', '"a\\\\b"', '"q\\"q"', '"n\\nn"'),
  fc.constantFrom(
    'x',
    '"',
    '"\\t"',
    '"{}"',
    '"a,b=c"',
    '"Inf"',
    '"NaN"',
    '"1',
    ' "1"',
    '"é"',
    '"#"',
  ),
);
const pair = fc.tuple(labelName, labelValue).map(([key, value]) => `${key}=${value}`);
const labels = mostly(
  fc.array(pair, { maxLength: 3 }).map((all) => (all.length === 0 ? '' : `{${all.join(',')}}`)),
  fc.constantFrom(
    '{}',
    '{,}',
    '{a="1",}',
    '{ a = "1" , x = "2" }',
    '{"q"}',
    '{"q",a="1"}',
    '{"a b"}',
    '{"a b",x="1"}',
    '{a="1"',
  ),
);
const timestamp = mostly(
  fc.constantFrom('', '', '', ' 1', ' 2', ' 1395066363000'),
  fc.constantFrom(
    ' 1.5',
    ' -4',
    ' +5',
    ' 9223372036854775808',
    ' 1 2',
    '\t3',
    ' ',
    ' 1e3',
    ' x',
    ' 1_0',
  ),
);
const exemplar = mostly(
  fc.constant(''),
  fc.constantFrom(' # {t="1"} 1', ' # {} 1 2', ' # {t="1"}', ' #{t="1"} 1', ' # {t="1"} x', ' # 1'),
);
const type = mostly(
  fc.constantFrom('counter', 'gauge', 'histogram', 'summary'),
  fc.constantFrom(
    'untyped',
    'unknown',
    'info',
    'stateset',
    'gaugehistogram',
    'gauge_histogram',
    'Counter',
    'meter',
    'gauge ',
    '',
  ),
);
const comment = fc.oneof(
  fc.tuple(name, type).map(([of, what]) => `# TYPE ${of} ${what}`),
  fc
    .tuple(name, fc.constantFrom('text', 'a\\\\b', 'a\\nb', 'a\\tb', 'say "x"', '', 'x  y', '\\'))
    .map(([of, help]) => `# HELP ${of} ${help}`),
  fc.tuple(name, fc.constantFrom('seconds', '', 'bytes')).map(([of, u]) => `# UNIT ${of} ${u}`),
  fc.constantFrom(
    '# TYPE',
    '# HELP a',
    '#',
    '# a comment',
    '#TYPE a gauge',
    '# TYPE a  gauge',
    '# EOF',
    '#  HELP a b',
  ),
);
const sample = fc
  .tuple(
    name,
    labels,
    fc.constantFrom(' ', ' ', ' ', ' ', '  ', '\t', ''),
    mostly(good, number),
    timestamp,
    exemplar,
  )
  .map((parts) => parts.join(''));

/** A whole right histogram, so that the rules about buckets are reached. */
const histogram = fc
  .tuple(
    fc.array(fc.nat(5), { maxLength: 3 }),
    fc.nat(3),
    fc.boolean(),
    fc.constantFrom('', '{x="1"}'),
  )
  .map(([steps, off, hasSum, own]) => {
    const inner = own.slice(1, -1);
    const at = (le: string) => (inner === '' ? `{le="${le}"}` : `{${inner},le="${le}"}`);
    let total = 0;
    const lines = steps.map((step, i) => `a_bucket${at(`${i}.0`)} ${(total += step)}`);
    const count = off === 3 ? total + 1 : total;
    const end = [`a_bucket${at('+Inf')} ${total}`, `a_count${own} ${count}`];
    return ['# TYPE a histogram', ...lines, ...end, ...(hasSum ? [`a_sum${own} 1`] : [])].join(
      '\n',
    );
  });

const line = fc.oneof(
  { weight: 6, arbitrary: sample },
  { weight: 4, arbitrary: comment },
  { weight: 1, arbitrary: fc.constantFrom('', ' ', '\t', ' a 1', '\r') },
  { weight: 2, arbitrary: histogram },
);

function mutate(text: string, changes: ReadonlyArray<[number, string]>): string {
  let out = text;
  for (const [where, what] of changes) {
    const at = where % (out.length + 1);
    out =
      what === '' ? out.slice(0, at) + out.slice(at + 1) : out.slice(0, at) + what + out.slice(at);
  }
  return out;
}

const changes = fc.array(
  fc.tuple(
    fc.nat(10_000),
    fc.constantFrom('', '', ' ', '"', '\\', ',', '{', '}', '\n', '1', '#', '='),
  ),
  { maxLength: 2 },
);

export function randomExposition(dialect: Dialect): fc.Arbitrary<string> {
  const end =
    dialect === 'text'
      ? fc.constantFrom('\n', '\n', '\n', '')
      : fc.constantFrom('\n# EOF\n', '\n# EOF\n', '\n# EOF', '\n');
  return fc
    .tuple(
      fc.array(line, { minLength: 1, maxLength: 4 }),
      end,
      fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: changes }),
    )
    .map(([lines, tail, edits]) => mutate(lines.join('\n') + tail, edits));
}
