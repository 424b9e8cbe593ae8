import type { ServiceConfig } from '../../../config/schema.ts';
import { latencyAnswers } from '../../../measure/answers/latency-answer.ts';
import { isServed } from '../../../measure/answers/service-facts.ts';
import { totalsOf } from '../../../measure/answers/totals.ts';
import type { Cell } from '../../../measure/ledger/ledger.ts';
import { percent, serviceCollector } from '../collector.ts';
import type { Step } from '../facts.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * Share of the hours in which every latency objective was met. An hour with too few replies for its percentile is
 * not judged; a service that cannot be judged in half of its busy hours is judged by days.
 */
export const attainment = serviceCollector(
  { id: 'attainment', source: 'ledger', query: '/api/v1/series?since=30d', combine: 'least' },
  async (facts, window, service) => {
    const hours = judge(await facts.steps(window, HOUR_MS), service);
    const steps =
      hours.judged * 2 >= hours.busy ? hours : judge(await facts.steps(window, DAY_MS), service);
    const unit = steps === hours ? 'hours' : 'days';
    if (steps.busy === 0) return null;
    const value = steps.judged === 0 ? null : steps.met / steps.judged;
    const words =
      value === null
        ? `no objective could be judged in ${steps.busy} ${unit} with traffic.`
        : `objectives were met in ${percent(value)} of ${steps.judged} ${unit}.`;
    return {
      value,
      coverage: await facts.coverage(window),
      simulated: steps.simulated,
      statement: words,
    };
  },
);

function judge(
  steps: readonly Step[],
  service: ServiceConfig,
): { busy: number; judged: number; met: number; simulated: boolean } {
  const out = { busy: 0, judged: 0, met: 0, simulated: false };
  for (const step of steps) {
    const cells = step.cells.filter((cell) => cell.service === service.name && isServed(cell));
    if (cells.length === 0) continue;
    out.busy += 1;
    out.simulated ||= cells.some((cell) => cell.simulatedRequests > 0);
    const met = objectivesMet(cells, service);
    if (met === null) continue;
    out.judged += 1;
    if (met) out.met += 1;
  }
  return out;
}

/** Null: no objective, or too few replies for all of them; one that is missed is missed all the same. */
function objectivesMet(cells: readonly Cell[], service: ServiceConfig): boolean | null {
  const verdicts = latencyAnswers(totalsOf(cells), service.slo);
  if (verdicts.some((one) => one.met === false)) return false;
  const asked = verdicts.filter((one) => one.targetP95Ms !== null || one.targetP99Ms !== null);
  return asked.length > 0 && asked.every((one) => one.met === true) ? true : null;
}
