import type { Answers, ServiceAnswer } from '../../measure/answers/answers.ts';
import { computeAnswers, type AnswersQuery } from '../../measure/answers/compute-answers.ts';
import { serviceMarginal, type ServiceMarginal } from './service-marginal.ts';
import { serviceLoad } from './service-load.ts';
import { servicePlan } from './service-plan.ts';

/** Plans that are kept. */
const MAX_KEPT = 256;

/** An answer does not wait longer for its plan; the plan goes on, and the next answer has it. */
const PATIENCE_MS = 5_000;

/**
 * The answers, with the cost of doubling from the planner for each service whose engines are described: the cheapest
 * fleet of the same accelerators that meets the targets at the load of the window and at twice it. Where a
 * description is missing, its fields are named; public APIs keep their price per token. Plans are kept
 * by load, rounded to a tenth, so that asking again costs nothing.
 */
export function createPlannedAnswers(
  patienceMs = PATIENCE_MS,
): (query: AnswersQuery) => Promise<Answers> {
  const kept = new Map<string, Promise<ServiceMarginal>>();
  const plan = async (query: AnswersQuery, answer: ServiceAnswer): Promise<ServiceAnswer> => {
    const service = query.config.services.find(({ name }) => name === answer.service);
    const load = serviceLoad(answer, query.window);
    if (service === undefined || load === null) return answer;
    const planned = servicePlan(service, query.config, load);
    if (planned.kind === 'other') return answer;
    if (planned.kind === 'missing') return withMissing(answer, planned.fields);
    const key = JSON.stringify(planned.plan);
    const marginal = kept.get(key) ?? serviceMarginal(planned.plan);
    if (kept.size >= MAX_KEPT) kept.clear();
    kept.set(key, marginal);
    try {
      const found = await within(marginal, patienceMs);
      return found === null ? answer : { ...answer, cost: { ...answer.cost, marginal: found } };
    } catch {
      // The simple rule of the answers stands where the planner cannot simulate these engines.
      kept.delete(key);
      return answer;
    }
  };
  return async (query) => {
    const answers = await computeAnswers(query);
    const services: ServiceAnswer[] = [];
    // One after another: they share the cores with the request path.
    for (const answer of answers.services) services.push(await plan(query, answer));
    return { ...answers, services };
  };
}

async function within<T>(promise: Promise<T>, ms: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, ms, null);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

function withMissing(answer: ServiceAnswer, fields: readonly string[]): ServiceAnswer {
  const { marginal } = answer.cost;
  const missing = [...new Set([...marginal.missing, ...fields])];
  return { ...answer, cost: { ...answer.cost, marginal: { ...marginal, missing } } };
}
