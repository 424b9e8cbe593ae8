import type { Config } from '../../config/schema.ts';
import type { Clock } from '../../records/clock.ts';
import { TailraceError } from '../../records/errors.ts';
import type { Cell, LedgerReader, Window } from '../ledger/ledger.ts';
import type { Answers, ServiceAnswer } from './answers.ts';
import { availabilityAnswer } from './availability-answer.ts';
import { breakdownRows, type BreakdownBy } from './breakdown.ts';
import { costOf, engineMoney } from './cost-answer.ts';
import { latencyAnswers } from './latency-answer.ts';
import { redFlagsOf } from './red-flags.ts';
import { serviceFacts, type ServiceFacts } from './service-facts.ts';
import { PERCENTILE_ERROR_BOUND, tailOf } from './tail-answer.ts';
import { fullSum, per } from './totals.ts';
import { utilizationOf } from './utilization-answer.ts';

/** What `computeAnswers` is asked; by default for every configured service, without a breakdown. */
export interface AnswersQuery {
  ledger: LedgerReader;
  config: Config;
  window: Window;
  service?: string | undefined;
  by?: BreakdownBy | undefined;
  clock: Clock;
}

/**
 * The three answers for each service: latency against target, cost, utilization and why. Reads the
 * rollups once (all services, since they share engines), never raw records. Rejects with
 * TR_WINDOW_INVALID for an empty window and TR_NOT_FOUND for a service that is not configured.
 */
export async function computeAnswers(query: AnswersQuery): Promise<Answers> {
  const { ledger, config, window, by } = query;
  checkWindow(window);
  const services = config.services.filter(
    (one) => query.service === undefined || one.name === query.service,
  );
  if (services.length === 0) throw unknownService(query.service ?? '', config);
  const [cells, features, uses] = await Promise.all([
    ledger.cells({ window, by: 'engine-model-status' }),
    ledger.cells({ window, by: 'feature' }),
    ledger.engineUse(window),
  ]);
  const answers = services.map((service) =>
    answerOf(
      serviceFacts(service, { config, window, cells, uses }),
      features.filter((cell) => cell.service === service.name),
    ),
  );
  const names = new Set(services.map((one) => one.name));
  const mine = (all: readonly Cell[]): Cell[] => all.filter((cell) => names.has(cell.service));
  return {
    generatedAtMs: query.clock.wallMs(),
    fromMs: window.fromMs,
    toMs: window.toMs,
    percentileErrorBound: PERCENTILE_ERROR_BOUND,
    services: answers,
    breakdown:
      by === undefined
        ? null
        : breakdownRows(mine(await breakdownCells(query, by, { cells, features })), by),
    breakdownBy: by ?? null,
    exitCode: exitCodeOf(answers),
  };
}

function breakdownCells(
  query: AnswersQuery,
  by: BreakdownBy,
  known: { cells: Cell[]; features: Cell[] },
): Cell[] | Promise<Cell[]> {
  if (by === 'feature') return known.features;
  // Only requests that reached an engine have a model.
  if (by === 'model') return known.cells.filter((cell) => cell.engine !== null);
  return query.ledger.cells({ window: query.window, by: 'tenant' });
}

function answerOf(facts: ServiceFacts, featureCells: readonly Cell[]): ServiceAnswer {
  const { service, served } = facts;
  const latency = latencyAnswers(served, service.slo);
  const availability = availabilityAnswer(facts.cells, service.slo.availability ?? null);
  const money = engineMoney(facts);
  const cost = costOf(facts, money, featureCells);
  const utilization = utilizationOf(facts, money);
  const redFlags = redFlagsOf(facts, { latency, money, usageUsd: cost.usageUsd });
  const missed = availability.met === false || latency.some((one) => one.met === false);
  return {
    service: service.name,
    owner: service.owner,
    feature: service.feature ?? null,
    simulated: simulatedOf(facts),
    requests: requestsOf(facts),
    latency,
    availability,
    tail: tailOf(served),
    cost,
    energy: energyOf(facts),
    utilization,
    redFlags,
    verdict: redFlags.length > 0 ? 'red-flag' : missed ? 'target-missed' : 'within-target',
  };
}

function simulatedOf({ asked, engines }: ServiceFacts): ServiceAnswer['simulated'] {
  const [part, whole] =
    asked.requests > 0
      ? [asked.simulatedRequests, asked.requests]
      : [engines.filter((one) => one.engine.simulated !== undefined).length, engines.length];
  if (part === 0) return 'none';
  return part >= whole ? 'all' : 'some';
}

function requestsOf({ all }: ServiceFacts): ServiceAnswer['requests'] {
  const count = (outcome: keyof typeof all.outcomes): number => all.outcomes[outcome] ?? 0;
  return {
    total: all.requests,
    succeeded: count('success'),
    failed: count('upstream_error') + count('engine_crash') + count('timeout') + count('shutdown'),
    rejected: count('rejected'),
    aborted: count('client_abort'),
    retried: all.retriedRequests,
    usageEstimated: all.estimatedUsageRequests,
    tokensIn: all.tokensIn.sum,
    tokensOut: all.tokensOut.sum,
  };
}

/** Known only if every reply's is: a sum of the simulated part alone would read as the whole. */
function energyOf({ served, engines }: ServiceFacts): ServiceAnswer['energy'] {
  const energyWh = fullSum(served.energyWh, served.requests);
  const modelled = engines.some(
    (one) => one.mineServed.requests > 0 && one.engine.simulated !== undefined,
  );
  return {
    energyWh,
    perRequestWh: per(energyWh, served.requests),
    basis: energyWh === null ? 'unknown' : modelled ? 'modelled' : 'measured',
  };
}

function exitCodeOf(services: readonly ServiceAnswer[]): Answers['exitCode'] {
  if (services.some((one) => one.verdict === 'red-flag')) return 3;
  return services.some((one) => one.verdict === 'target-missed') ? 4 : 0;
}

function checkWindow({ fromMs, toMs }: Window): void {
  if (Number.isFinite(fromMs) && Number.isFinite(toMs) && fromMs < toMs) return;
  throw new TailraceError('TR_WINDOW_INVALID', 'the window must start before it ends', {
    field: 'since',
  });
}

function unknownService(name: string, config: Config): TailraceError {
  const known = config.services.map((one) => one.name).join(', ');
  const message = `no service is called "${name}"; configured: ${known}`;
  return new TailraceError('TR_NOT_FOUND', message, { field: 'service' });
}
