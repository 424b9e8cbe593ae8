import type { Accelerator } from '../../catalog/accelerators.ts';
import { fail, ok, type Result } from '../../records/errors.ts';
import type { StepTime } from './step-time.ts';

/**
 * Share of the range between idle and TDP that is drawn while the named resource is the limit.
 * Read off splitwise-sim's perf_model.csv (Patel et al., "Splitwise", ISCA 2024; Llama-2-70B on A100): prompts
 * peak at 1.0 TDP; at a token time of 55 ms, of which 42 ms read weights, 0.74 TDP; at 45 ms, of
 * which 11 ms read weights, 0.44 TDP. ML.ENERGY's median of 0.74 TDP on H100 agrees.
 */
export const POWER_CONSTANTS = Object.freeze({
  compute: 1,
  memory: 0.85,
  /** Exchange, host work and launches. */
  other: 0.2,
  /** Stand-in for an unpublished idle power: the median idle/TDP of the catalog's rows that have both. */
  idleShareOfTdp: 0.14,
});

/** Watts of one accelerator, averaged over a step and while it waits. */
export interface PowerModel {
  idleW: number;
  stepW(time: StepTime): number;
}

/** Power between idle and TDP by what limits each part of a step. Fails without a published TDP. */
export function powerModel(accelerator: Accelerator): Result<PowerModel> {
  const { tdpW } = accelerator;
  if (tdpW === null) {
    return fail(
      'TR_CONFIG_INVALID',
      `the vendor publishes no TDP for ${accelerator.name}, so its energy cannot be modelled: ` +
        'choose another hardware.accelerator',
      { field: 'hardware.accelerator' },
    );
  }
  const idleW = accelerator.idleW ?? tdpW * POWER_CONSTANTS.idleShareOfTdp;
  const stepW = (time: StepTime): number => {
    const { compute, memory, other } = POWER_CONSTANTS;
    const otherMs = time.totalMs - time.computeMs - time.memoryMs;
    const weighted = compute * time.computeMs + memory * time.memoryMs + other * otherMs;
    return idleW + (tdpW - idleW) * (weighted / time.totalMs);
  };
  return ok({ idleW, stepW });
}
