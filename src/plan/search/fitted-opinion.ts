import type { ClosedLoopPrediction } from '../time/fitted/predict-closed-loop.ts';
import type { Evaluation } from './evaluation.ts';
import type { ReplicaModel } from './replica-model.ts';

/** TTFT and TPOT, milliseconds with 90 % intervals, of as many requests in flight as were simulated. */
export interface FittedOpinion extends ClosedLoopPrediction {
  /** Requests in flight on one replica. */
  concurrency: number;
}

/**
 * A second opinion beside the simulation: what the fit to published runs of real engines says of this replica in a
 * closed loop with the simulated number of requests in flight. Typical times, not percentiles. Null where the fit cannot
 * describe it. The fit is read on first use (half a megabyte).
 */
export async function fittedOpinion(
  { hardware }: ReplicaModel,
  evaluation: Evaluation,
  tokens: { inputTokens: number; outputTokens: number },
): Promise<FittedOpinion | null> {
  const concurrency = Math.max(1, evaluation.meanRunning / evaluation.candidate.replicas);
  const [{ shippedFit }, { predictClosedLoop }] = await Promise.all([
    import('../time/fitted/shipped-fit.ts'),
    import('../time/fitted/predict-closed-loop.ts'),
  ]);
  const predicted = predictClosedLoop(shippedFit().model, {
    model: hardware.model,
    accelerator: hardware.accelerator,
    engine: 'vllm',
    quantization: hardware.quantization,
    ...tokens,
    concurrency,
    layout: { tensor: hardware.tensorParallel, pipeline: 1, data: 1, expertParallel: false },
    prefillLayout: null,
  });
  return predicted.ok ? { ...predicted.value, concurrency } : null;
}
