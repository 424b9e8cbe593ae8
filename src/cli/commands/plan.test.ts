import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openTestCli, type CliOutcome } from '../test-cli.ts';
import { planFacilityCommand } from './plan-facility.ts';

const cli = openTestCli({
  wallMs: () => Date.parse('2026-11-27T12:00:00Z'),
  monoMs: () => performance.now(),
});
const cwd = cli.dir;
afterAll(() => cli.close());

const run = (line: string): Promise<CliOutcome> => cli.run(...line.split(' ').slice(1));

const base = 'tailrace plan serve --model llama-3.1-8b --accelerator h100-sxm --requests 300';

describe('plan facility', () => {
  it.each(planFacilityCommand.examples)('%s', async (example) => {
    const { code, out, err } = await run(example);
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(out).not.toBe('');
  });

  it('prices a published 1 GW site', async () => {
    const file = join(import.meta.dirname, '../../plan/plan-file/testdata/gigawatt.good.yaml');
    const { out } = await run(`tailrace plan facility ${file} --json`);
    const { costUsdPerYear } = JSON.parse(out);
    expect(Math.abs(costUsdPerYear / 8.55e9 - 1)).toBeLessThan(0.01);
  });

  it('says exactly what does not fit, and ends with 1', async () => {
    const { code, out } = await run('tailrace plan facility --feed 750 --nodes 144x5.6');
    expect(code).toBe(1);
    expect(out).toContain('144 nodes, 806.4 kW IT: does not fit');
    expect(out).toContain('56.4 kW too much');
  });
});

describe('plan serve', () => {
  it('predicts a plan of a file, with options on top', async () => {
    writeFileSync(
      join(cwd, 'plan.yaml'),
      'workload: { model: llama-3.1-8b, requestsPerS: 2 }\ndeployment: { accelerator: l40s }\n',
    );
    const { code, out } = await run('tailrace plan serve plan.yaml --rate 3 --requests 300 --json');
    expect(code).toBe(0);
    const { ratePerS, latency, evaluation } = JSON.parse(out);
    expect(ratePerS).toBe(3);
    expect(evaluation.candidate.accelerator).toBe('l40s');
    const { value, lowest, highest } = latency.ttftMs.p99;
    expect(lowest).toBeLessThan(value);
    expect(highest).toBeGreaterThan(value);
  });

  it('says the same with the same seed, and something else with another', async () => {
    const [one, same, other] = [
      await run(`${base} --rate 20`),
      await run(`${base} --rate 20`),
      await run(`${base} --rate 20 --seed 2`),
    ];
    expect(one.out).toBe(same.out);
    expect(other.out).not.toBe(one.out);
  });

  it('says in words what its step times come from', async () => {
    expect((await run(`${base} --rate 9`)).out).toContain('sums of measured operators');
    const fp8 = await run(`${base} --rate 9 --quantization fp8`);
    expect(fp8.out).toContain('Step times are fitted to runs of engines');
    const peaks = await run(`${base.replace('h100-sxm', 'l40s')} --rate 1 --quantization fp8`);
    expect(peaks.out).toContain('Extrapolated: no measured step times');
  });

  it('ends with 1 where a target is missed', async () => {
    const { code, out } = await run(`${base} --rate 5 --tpot-p99 0.1`);
    expect(code).toBe(1);
    expect(out).toContain('missed slo.tpotMs.p99');
  });

  it('plans with the arrivals of a trace', async () => {
    const rows = Array.from({ length: 40 }, (_, i) => `${i},200,20`);
    writeFileSync(join(cwd, 't.csv'), `timestamp,input_tokens,output_tokens\n${rows.join('\n')}\n`);
    const { code, out } = await run(`${base} --trace t.csv --json`);
    expect(code).toBe(0);
    expect(JSON.parse(out).ratePerS).toBeCloseTo(40 / 39, 6);
  });
});

describe('reports', () => {
  it('are one page with the plots of the command', async () => {
    const facility = 'tailrace plan facility --feed 750 --nodes 10x5 --report site.html';
    expect((await run(facility)).err).toBe('wrote site.html\n');
    expect(readFileSync(join(cwd, 'site.html'), 'utf8')).toMatch(/<svg.*power tree.*50 of 750 kW/);
    const { out } = await run(`${base} --rate 9 --requests 100 --ttft-p99 300 --report serve.html`);
    expect(out).toContain('TTFT over load: 5 p50, 9 p95, # p99, . target');
    const html = readFileSync(join(cwd, 'serve.html'), 'utf8');
    expect(html.match(/<svg/g)).toHaveLength(3);
    expect(html).toContain('p99 target');
  });

  it('say where they cannot be written', async () => {
    const line = 'tailrace plan facility --feed 750 --nodes 10x5 --report no/such/site.html';
    const { code, err } = await run(line);
    expect(code).toBe(1);
    expect(err).toContain('TR_EXPORT_FAILED: no/such/site.html');
  });
});

describe('bad input names the field and the fix', () => {
  it.each([
    [`${base} --rate -3`, 'ambiguous', 2],
    [`${base} --rate=-3`, '--rate: workload.requestsPerS: must be more than 0', 1],
    [`${base} --rate NaN`, '--rate takes a number', 2],
    [base, 'workload.requestsPerS: is missing: give a rate, or a trace file', 1],
    ['tailrace plan serve --model llama-3.1-8b --rate 1', 'deployment: is missing', 1],
    [`${base} --rate 1 --accelerator h100-smx`, 'did you mean h100-sxm?', 1],
    [`${base} --rate 1 --model llama-3.1-80b`, 'did you mean llama-3.1-8b?', 1],
    [`${base} --rate 1 --model llama-3.1-405b`, 'raise deployment.tensorParallel', 1],
    [`${base} --rate 1 --tp 7`, 'choose a divisor of 32', 1],
    [`${base} --rate 1 --input-tokens 200000`, 'shorten inputTokens', 1],
    [`${base} --rate 1 --input-tokens 9-3`, 'min 9 is above max 3', 1],
    [`${base} --rate 1 --replicas 0`, '--replicas: deployment.replicas: must be at least 1', 1],
    [`${base} --trace gone.csv`, 'gone.csv', 1],
    ['tailrace plan serve gone.yaml', 'there is no such file', 1],
    ['tailrace plan facility --nodes 3x4', '--feed is needed', 2],
    ['tailrace plan facility --feed 10 --nodes 3', 'takes a count and kW', 2],
    ['tailrace plan facility', 'facility.site: is missing', 1],
    ['tailrace plan search --model llama-3.1-8b --rate 1 --rent 3', '--rent takes', 2],
    ['tailrace plan double --model llama-3.1-8b --rates 5,-1', '--rates takes rates above 0', 2],
  ])('%s', async (line, message, exit) => {
    const { code, out, err } = await run(line);
    expect(err).toContain(message);
    expect(out).toBe('');
    expect(code).toBe(exit);
  });

  it('a trace with a gap: the line and the field', async () => {
    writeFileSync(join(cwd, 'gap.csv'), 'timestamp,input_tokens,output_tokens\n1,5,5\n2,,5\n');
    const { code, err } = await run(`${base} --trace gap.csv`);
    expect(code).toBe(1);
    expect(err).toMatch(/TR_TRACE_INVALID: gap.csv.*line 3.*input_tokens/);
  });

  it.each([
    ['--tpot-p99 0.5', 'discarded by latency'],
    ['--site-kw 0.1', 'discarded by power: a limit of limits.kwPerNode'],
    ['--usd-per-hour 0.1', 'discarded by price: limits.usdPerHour'],
    ['--rate 9000 --max-replicas 1', 'discarded by load: the traffic is more'],
  ])('an impossible plan says which limit stands in the way: %s', async (limit, reason) => {
    const line = `tailrace plan search --model llama-3.1-8b --rate 1 --accelerator l40s --tp 1 ${limit}`;
    const { code, out } = await run(line);
    expect(code).toBe(1);
    expect(out).toContain(reason);
  });

  it('a space in which nothing fits: why, and what would', async () => {
    const { code, out } = await run(
      'tailrace plan search --model llama-3.1-405b --rate 1 --accelerator l4 --tp 1',
    );
    expect(code).toBe(1);
    expect(out.replaceAll(/\s+/g, ' ')).toContain('needs 811.7 GB for its weights');
  });
});
