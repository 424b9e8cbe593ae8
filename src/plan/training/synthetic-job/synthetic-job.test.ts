import { describe, expect, it } from 'vitest';
import { parseExposition } from '../../../measure/sources/exposition/parse-exposition.ts';
import { stepRecord } from '../../../records/step-log/step-record.ts';
import { createSyntheticJob, NO_FAULTS, type JobFaults } from './synthetic-job.ts';
import { usualShape } from './usual-shape.ts';

function jobOf(faults: JobFaults) {
  const shape = usualShape({
    job: 'j',
    host: 'h',
    ranks: 4,
    accelerator: 'h100-sxm',
    flopsPerToken: 5e10,
    seed: 1,
  });
  if (!shape.ok) throw shape.error;
  const job = createSyntheticJob(shape.value);
  job.setFaults(faults);
  return job;
}

function played(faults: JobFaults) {
  const job = jobOf(faults);
  const steps = Array.from({ length: 50 }, () => job.step(1_800_000_000));
  const endS = steps.at(-1)?.endS ?? 0;
  const lostS = steps.reduce((sum, one) => sum + one.lostS, 0);
  return { job, steps, endS, lostShare: lostS / endS };
}

describe('the synthetic job', () => {
  it('writes records that the step log takes, whose phases fill the step', () => {
    for (const one of played({ ...NO_FAULTS, exchangeFactor: 3 }).steps) {
      for (const record of one.records) {
        const { phaseMs, stepMs } = stepRecord.parse(record);
        const sum = Object.values(phaseMs).reduce<number>((total, ms) => total + (ms ?? 0), 0);
        expect(sum).toBeCloseTo(stepMs ?? 0, 6);
      }
    }
  });

  it('is the same for the same seed, and loses nothing without faults', () => {
    const one = played(NO_FAULTS);
    expect(one.steps).toEqual(played(NO_FAULTS).steps);
    expect(one.lostShare).toBe(0);
  });

  it('loses what each fault says', () => {
    expect(played({ ...NO_FAULTS, loaderShareOfDemand: 0.6 }).lostShare).toBeCloseTo(0.4, 9);
    expect(played({ ...NO_FAULTS, exchangeFactor: 6 }).lostShare).toBeCloseTo(0.3 / 0.97, 2);
    expect(played({ ...NO_FAULTS, powerCapW: 350 }).lostShare).toBeGreaterThan(0.1);
    const slow = played({ ...NO_FAULTS, slowRank: { rank: 2, factor: 1.5 } });
    expect(slow.lostShare).toBeGreaterThan(0.25);
  });

  it('shows devices that are read as those of an exporter, throttled under a cap', () => {
    const read = (faults: JobFaults): Map<string, number> => {
      const page = parseExposition(Buffer.from(played(faults).job.devices()), 'text/plain');
      if (!page.ok) throw page.error;
      return new Map(page.value.samples.map(({ name, value }) => [name, value]));
    };
    const free = read(NO_FAULTS);
    expect(free.get('DCGM_FI_DEV_POWER_VIOLATION')).toBe(0);
    expect(free.get('DCGM_FI_DEV_SM_CLOCK')).toBe(1980);
    expect(free.get('DCGM_FI_PROF_SM_ACTIVE')).toBeGreaterThan(0.85);
    const held = read({ ...NO_FAULTS, powerCapW: 350 });
    expect(held.get('DCGM_FI_DEV_POWER_VIOLATION')).toBeGreaterThan(1e9);
    expect(held.get('DCGM_FI_DEV_SM_CLOCK')).toBeLessThan(1700);
    expect(held.get('DCGM_FI_DEV_POWER_USAGE')).toBeLessThanOrEqual(350);
  });
});
