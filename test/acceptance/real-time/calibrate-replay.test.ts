import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRandom } from '../../../src/plan/core/random.ts';
import { startTailrace, type RunningTailrace } from '../../e2e/running-tailrace.ts';

/**
 * `calibrate` on the ledger of a replay into a simulated engine with altered figures recovers them within 5 % (about two minutes).
 * The bound is of the product, so is the way: configuration, gateway, journal, ledger, export, calibration, plan.
 */
const ALTERED = { computeShare: 0.36, bandwidthShare: 0.66, stepOverheadMs: 3.1 };
const CONFIG = `services: [{ name: drill, owner: sre, models: [llama-3.1-8b], route: drill }]
routes: [{ name: drill, engines: [{ engine: sim }] }]
engines:
  - name: sim
    hardware: { accelerator: h100-sxm, model: llama-3.1-8b }
    cost: { basis: rented, usdPerAcceleratorHour: 3 }
    simulated:
      efficiency:
        compute: ${ALTERED.computeShare}
        memory: ${ALTERED.bandwidthShare}
        stepOverheadMs: ${ALTERED.stepOverheadMs}
`;

/** One at a time with short prompts, one at a time with long ones, then two levels of load. */
function trace(): string {
  const random = createRandom(5);
  const rows: string[] = ['timestamp,input_tokens,output_tokens'];
  let clockS = 0;
  const add = (count: number, gapS: () => number, prompt: [number, number]): void => {
    const upTo = ([low, high]: [number, number]) =>
      low + Math.floor(random.uniform() * (high - low));
    for (let i = 0; i < count; i += 1) {
      rows.push(`${clockS.toFixed(3)},${upTo(prompt)},${upTo([20, 80])}`);
      clockS += gapS();
    }
  };
  add(15, () => 1.2, [30, 150]);
  add(9, () => 4, [20_000, 24_000]);
  add(60, () => random.exponential(1 / 3), [64, 2000]);
  add(80, () => random.exponential(1 / 8), [64, 2000]);
  return `${rows.join('\n')}\n`;
}

let tailrace: RunningTailrace;
beforeAll(async () => {
  const home = mkdtempSync(join(tmpdir(), 'tailrace-calibrate-'));
  writeFileSync(join(home, 'tailrace.yaml'), CONFIG);
  tailrace = await startTailrace({ home });
});
afterAll(async () => {
  await tailrace.stop('SIGKILL');
  tailrace.remove();
});

async function cli(line: string): Promise<string> {
  const { code, stdout, stderr } = await tailrace.cli(...line.split(' '));
  if (code !== 0) throw new Error(`tailrace ${line}: exit code ${code}\n${stdout}${stderr}`);
  return stdout;
}

it('recovers altered figures of a simulated engine within 5 % from the ledger of a replay', async () => {
  const at = (name: string): string => join(tailrace.home, name);
  writeFileSync(at('trace.csv'), trace());
  await cli('replay trace.csv --skip-reconcile');
  await cli('export --since 1h --out records.parquet');
  await cli(
    'plan calibrate --records records.parquet --model llama-3.1-8b --accelerator h100-sxm --out own.json',
  );
  const { stepTimes, recovered } = JSON.parse(readFileSync(at('own.json'), 'utf8'));
  for (const [name, figure] of Object.entries(ALTERED)) {
    const offPct = (stepTimes[0][name] / figure - 1) * 100;
    console.log(`${name} ${figure}: ${stepTimes[0][name].toFixed(4)} (${offPct.toFixed(2)} %)`);
    expect(Math.abs(offPct), name).toBeLessThan(5);
  }
  console.log(JSON.stringify({ before: recovered.beforePct, after: recovered.afterPct }));
  expect(recovered.heldOut).toBeGreaterThan(40);
  expect(recovered.afterPct.tpot).toBeLessThan(recovered.beforePct.tpot / 10);

  // The plan of that engine is as slow as the engine, not as the hardware could be.
  const plan = 'plan serve --model llama-3.1-8b --accelerator h100-sxm --rate 2 --json';
  const assumed = JSON.parse(await cli(plan));
  const own = JSON.parse(await cli(`${plan} --calibration own.json`));
  expect(own.evaluation.provenance).toEqual(['fitted']);
  expect(own.latency.tpotMs.p50.value).toBeGreaterThan(1.2 * assumed.latency.tpotMs.p50.value);
}, 300_000);
