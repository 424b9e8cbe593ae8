import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestCli, type TestCli } from '../../src/cli/test-cli.ts';
import { startTestEngine, testConfig } from '../../src/plan/live/live-fixture.ts';
import type { SimulatedEngine } from '../../src/plan/live/server.ts';
import { startLyingEndpoint } from '../upstream/lying-endpoint.ts';

let nowMs = Date.parse('2027-01-04T12:00:00Z');
const clock = { wallMs: () => nowMs, monoMs: () => performance.now() };
let cli: TestCli;
let engine: SimulatedEngine;

beforeAll(async () => {
  cli = openTestCli(clock);
  cli.env['ACME_KEY'] = 'sk-right';
  engine = await startTestEngine({ ...testConfig({ speed: 50 }), models: ['llama-3.1-8b'] });
});
afterAll(async () => {
  await engine.close();
  cli.close();
});

async function run(expected: number, ...argv: string[]): Promise<string> {
  const { code, out, err } = await cli.run(...argv);
  expect(code, `${argv.join(' ')}: ${err}`).toBe(expected);
  return out;
}

/** Fills cells of an exported questionnaire by question. */
function fill(csv: string, cells: Readonly<Record<string, string>>): string {
  return Object.entries(cells).reduce(
    (text, [id, rest]) => text.replace(new RegExp(`^${id},,,`, 'm'), `${id},${rest},`),
    csv,
  );
}
const write = (name: string, text: string): void => writeFileSync(join(cli.dir, name), text);

it('asks, takes answers, probes, contradicts, compares and remembers', async () => {
  const blank = await run(0, 'vendor', 'questions', '--csv');
  const claims = { 'serving.pinned': 'yes,for a year', 'serving.usage-truth': 'yes,' };
  write('acme.csv', fill(blank, { ...claims, 'serving.ttft-p95': '0.001,' }));
  write('bulk.csv', fill(blank, claims));
  await run(0, 'vendor', 'import', 'acme.csv', '--vendor', 'acme', '--name', 'Acme', '--critical');
  await run(0, 'vendor', 'import', 'bulk.csv', '--vendor', 'bulk');
  const table = await run(0, 'vendor', 'compare');
  expect(table).toMatch(/answered +3 of 77 +2 of 77/);

  const before = new Date(nowMs).toISOString();
  nowMs += 86_400_000;
  const honest = await startLyingEndpoint(engine.url, { kind: 'none' });
  const liar = await startLyingEndpoint(engine.url, {
    kind: 'usage',
    promptFactor: 1.2,
    replyFactor: 1,
    every: 1,
  });
  const probe = (id: string, endpoint: string): string[] =>
    `vendor probe ${id} --endpoint ${endpoint} --model llama-3.1-8b --key-env ACME_KEY -n 80 --rate 20`.split(
      ' ',
    );
  const refused = await cli.run(...probe('acme', honest.url));
  expect(refused.code).toBe(1);
  expect(refused.err).toContain('80 requests, one at a time');
  expect(refused.err).toContain('TR_PROBE_UNCONFIRMED');
  expect(honest.requests()).toBe(0);
  await run(0, ...probe('acme', honest.url), '--yes');
  await run(3, ...probe('bulk', liar.url), '--yes');
  await honest.close();
  await liar.close();

  const compared = await run(3, 'vendor', 'compare');
  expect(compared).toMatch(/! serving\.usage-truth: the probe found: 1\.20 prompt tokens/);
  expect(compared).toMatch(/! serving\.ttft-p95: said 0\.001 ms, measured/);
  const json = JSON.parse(await run(3, 'vendor', 'compare', '--json')) as {
    rows: Array<{ question: string; cells: Array<{ grade: number; simulated: boolean }> }>;
  };
  const pinned = json.rows.find(({ question }) => question === 'serving.pinned');
  expect(pinned?.cells).toMatchObject([
    { grade: 3, simulated: true },
    { grade: 3, simulated: true },
  ]);
  const changed = await run(0, 'vendor', 'compare', 'bulk', '--since', before);
  expect(changed).toMatch(/serving\.usage-truth: grade 1 \(claim\) to 0 \(contradicted\)/);
});

it('is the same after a round trip through CSV and JSON', async () => {
  const csv = await run(0, 'vendor', 'export', 'acme');
  write('back.csv', csv);
  expect(await run(0, 'vendor', 'import', 'back.csv', '--vendor', 'acme')).toContain('0 new');
  expect(await run(0, 'vendor', 'export', 'acme')).toBe(csv);
  const all = await run(0, 'vendor', 'export', '--json');
  const other = openTestCli(clock);
  writeFileSync(join(other.dir, 'all.json'), all);
  expect((await other.run('vendor', 'import', 'all.json')).code).toBe(0);
  expect((await other.run('vendor', 'compare', '--json')).out).toBe(
    (await cli.run('vendor', 'compare', '--json')).out,
  );
  other.close();
});

it('refuses bad files with a code and a place, and loses nothing', async () => {
  const before = await run(0, 'vendor', 'export', '--json');
  const cases: Array<[string, string, string]> = [
    ['a.csv', 'question,value\nserving.price,\nserving.pined,yes\n', 'line 3, question'],
    ['b.csv', 'question,valeu\n', 'did you mean value?'],
    ['c.csv', 'question,value\n"serving.price,x\n', 'TR_VENDOR_INVALID'],
    ['d.csv', 'question,value\nserving.pinned,maybe\n', 'takes yes or no'],
    [
      'e.csv',
      'question,value\nserving.pinned,yes\nserving.pinned,no\n',
      'stands in line 2 already',
    ],
    ['f.csv', 'x'.repeat(3_000_000), 'TR_BODY_TOO_LARGE'],
    ['g.json', '{"version":1,"vendors":[{"vendor":{}}]}', 'vendors.0.vendor'],
    ['h.json', '{', 'not valid JSON'],
  ];
  for (const [name, text, expected] of cases) {
    write(name, text);
    const { code, err } = await cli.run('vendor', 'import', name, '--vendor', 'acme');
    expect(code, name).toBe(1);
    expect(err, name).toContain(expected);
  }
  const missing = await cli.run('vendor', 'import', 'none.csv', '--vendor', 'acme');
  expect(missing.err).toContain('TR_FILE_UNREADABLE');
  expect(await run(0, 'vendor', 'export', '--json')).toBe(before);
});

it('two quotes: the cheap one is over the envelope and later, said with dates and money', async () => {
  const quote = (change: object): string =>
    JSON.stringify({
      name: '4 H100',
      accelerator: 'h100-sxm',
      accelerators: 4,
      price: { basis: 'rent', usdPerAcceleratorHour: 3 },
      totalKw: 6,
      leadWeeks: { low: 4, high: 8 },
      ...change,
    });
  write('acme.json', quote({}));
  const price = { basis: 'rent', usdPerAcceleratorHour: 2 };
  write('bulk.json', quote({ name: 'old H100', price, totalKw: 30 }));
  write(
    'plan.yaml',
    'workload: { model: llama-3.1-8b, requestsPerS: 6 }\nslo: { ttftMs: { p99: 800 } }\nlimits: { siteKw: 20 }\n' +
      'search: { quantizations: [bf16], tensorParallel: [1], maxSequences: [128] }\nsimulation: { requests: 300 }\n',
  );
  await run(0, 'vendor', 'quote', 'acme', 'acme.json');
  await run(0, 'vendor', 'quote', 'bulk', 'bulk.json');
  const text = await run(0, 'vendor', 'quotes', 'plan.yaml', '--needed-by', '2027-03-01');
  expect(text).toMatch(/bulk \(old H100\) is the cheapest per token: .* 33 % less than acme/);
  expect(text).toMatch(
    /bulk \(old H100\) does not fit: .* kW over; so it waits for grid-connection/,
  );
  expect(text).toMatch(/ready by 2030-12-31 at worst, \d+ weeks after the first/);
  expect(text).toMatch(/acme \(4 H100\) is the one to take: \$/);
});

it('makes, lists and withdraws links', async () => {
  const url = await run(
    0,
    'vendor',
    'link',
    'acme',
    '--for',
    'ada',
    '--base',
    'https://t.example/',
  );
  expect(url).toMatch(/^https:\/\/t\.example\/vendor-answers\/[\w.-]+\n$/);
  const { links } = JSON.parse(await run(0, 'vendor', 'link', 'acme', '--list', '--json')) as {
    links: Array<{ id: string }>;
  };
  await run(0, 'vendor', 'link', 'acme', '--revoke', links[0]?.id ?? '');
  await run(1, 'vendor', 'link', 'acme', '--revoke', 'none');
  await run(1, 'vendor', 'link', 'nobody', '--for', 'ada');
});

it('keeps what a test of ours found until it is cleared', async () => {
  const review = (verdict: string): Promise<string> =>
    run(
      0,
      'vendor',
      'review',
      'acme',
      'facilities.cooling-built',
      verdict,
      '--note',
      'walked it',
      '--by',
      'bob',
    );
  await review('contradicted');
  expect(await run(3, 'vendor', 'compare', 'acme')).toContain(
    '! facilities.cooling-built: walked it',
  );
  await review('cleared');
  expect((await cli.run('vendor', 'compare', 'acme')).out).not.toContain('walked it');
});

it('every example of help is a command that is known', () => {
  const reference = readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8');
  for (const name of ['questions', 'import', 'export', 'compare', 'probe', 'link', 'quotes']) {
    expect(reference).toContain(`tailrace vendor ${name}`);
  }
});
