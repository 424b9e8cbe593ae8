import { TailraceError } from '../../records/errors.ts';
import type { ReplicaSpec, ServingOptions } from './simulate-serving.ts';

/** What is wrong with the options, by field and with the fix; null when they can be simulated. */
export function checkServing(options: ServingOptions): TailraceError | null {
  if (options.replicas.length === 0)
    return problem('replicas', 'a fleet needs a replica', 'add one');
  for (const [i, spec] of options.replicas.entries()) {
    const found = checkReplica(`replicas[${i}]`, spec);
    if (found !== null) return found;
  }
  const fleet = checkFleet(options);
  if (fleet !== null) return fleet;
  let previousS = Number.NEGATIVE_INFINITY;
  for (const [i, { arrivalS, promptTokens, outputTokens }] of options.requests.entries()) {
    const at = `requests[${i}]`;
    if (!Number.isFinite(arrivalS) || arrivalS < 0) {
      return problem(`${at}.arrivalS`, `${arrivalS} is not a time`, 'give seconds from 0 on');
    }
    if (arrivalS < previousS) {
      return problem(`${at}.arrivalS`, `${arrivalS} s comes after ${previousS} s`, 'sort by time');
    }
    if (!isCount(promptTokens, 1)) {
      return problem(
        `${at}.promptTokens`,
        `${promptTokens} is not a token count`,
        'give 1 or more',
      );
    }
    if (!isCount(outputTokens, 0)) {
      return problem(
        `${at}.outputTokens`,
        `${outputTokens} is not a token count`,
        'give 0 or more',
      );
    }
    previousS = arrivalS;
  }
  return null;
}

function checkFleet({
  failures,
  autoscaler,
  disaggregation,
  replicas,
}: ServingOptions): TailraceError | null {
  const positives: Array<[string, number | undefined]> = [
    ['failures.mtbfS', failures?.mtbfS],
    ['failures.recoveryS', failures?.recoveryS],
    ['autoscaler.targetOutstanding', autoscaler?.targetOutstanding],
    ['autoscaler.intervalS', autoscaler?.intervalS],
    ['disaggregation.bytesPerS', disaggregation?.bytesPerS],
  ];
  for (const [field, value] of positives) {
    if (value === undefined || (Number.isFinite(value) && value > 0)) continue;
    return problem(field, `${value} is not above 0`, 'give a positive number');
  }
  if (autoscaler && !isCount(autoscaler.minReplicas, 1)) {
    return problem('autoscaler.minReplicas', `${autoscaler.minReplicas} is not a count`, 'give 1');
  }
  if (autoscaler && !(autoscaler.maxReplicas <= replicas.length)) {
    const fix = `list ${autoscaler.maxReplicas} replicas`;
    return problem('autoscaler.maxReplicas', 'is more than the fleet lists', fix);
  }
  if (!disaggregation) return null;
  const { prefillReplicas: prefill } = disaggregation;
  if (isCount(prefill, 1) && prefill < replicas.length) return null;
  const fix = 'leave at least one replica on each side';
  return problem('disaggregation.prefillReplicas', `${prefill} of ${replicas.length}`, fix);
}

function checkReplica(
  at: string,
  { engine, accelerators, pipeline }: ReplicaSpec,
): TailraceError | null {
  if (pipeline !== undefined && !isCount(pipeline.stages, 1)) {
    return problem(`${at}.pipeline.stages`, `${pipeline.stages} is not a count`, 'give 1 or more');
  }
  if (!isCount(accelerators, 1)) {
    return problem(`${at}.accelerators`, `${accelerators} is not a count`, 'give 1 or more');
  }
  for (const field of ['maxSequences', 'maxBatchedTokens', 'kvBlocks', 'maxContext'] as const) {
    const value = engine[field];
    if (isCount(value, 1)) continue;
    return problem(`${at}.engine.${field}`, `${value} is not a whole number`, 'give 1 or more');
  }
  return null;
}

const isCount = (value: number, least: number): boolean =>
  Number.isSafeInteger(value) && value >= least;

const problem = (field: string, what: string, fix: string): TailraceError =>
  new TailraceError('TR_CONFIG_INVALID', `${field}: ${what}; ${fix}`, { field });
