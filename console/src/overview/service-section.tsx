import type { BreakdownBy, BreakdownRow, ServiceAnswer } from '../api/types.ts';
import { SimulatedBadge } from '../ui/badge.tsx';
import { BreakdownPanel } from './breakdown-panel.tsx';
import { CostPanel } from './cost-panel.tsx';
import { LatencyPanel } from './latency-panel.tsx';
import { RedFlags } from './red-flags.tsx';
import { RequestFacts } from './request-facts.tsx';
import { sectionId, sectionTitleId } from './section-id.ts';
import { TimePanel } from './time-panel.tsx';
import { UtilizationPanel } from './utilization-panel.tsx';
import { VerdictBadge } from './verdict-badge.tsx';

interface ServiceSectionProps {
  answer: ServiceAnswer;
  since: string;
  by: BreakdownBy;
  breakdown: BreakdownRow[] | null;
  /** What `breakdown` is by: for a moment after a change, still the former. */
  breakdownBy: BreakdownBy | null;
}

/** One service: who owns it, its three answers, and their course over time. */
export function ServiceSection(props: ServiceSectionProps) {
  const { answer, since } = props;
  const id = sectionId(answer.service);
  return (
    <section
      id={id}
      aria-labelledby={sectionTitleId(answer.service)}
      data-testid="service"
      data-value={answer.service}
      className="flex flex-col gap-3"
    >
      <header className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1">
        <h2 id={sectionTitleId(answer.service)} className="text-base font-semibold break-all">
          {answer.service}
        </h2>
        <SimulatedBadge simulated={answer.simulated} />
        <VerdictBadge verdict={answer.verdict} />
        <span className="text-xs text-ink-2">
          owner {answer.owner}
          {answer.feature === null ? '' : ` \u00b7 feature ${answer.feature}`}
        </span>
      </header>
      <RedFlags flags={answer.redFlags} />
      <RequestFacts answer={answer} />
      <div className="grid items-stretch gap-3 lg:grid-cols-2 xl:grid-cols-3">
        <LatencyPanel answer={answer} id={`${id}-latency`} />
        <CostPanel answer={answer} id={`${id}-cost`} />
        <UtilizationPanel answer={answer} id={`${id}-utilization`} />
      </div>
      <TimePanel answer={answer} since={since} id={`${id}-time`} />
      <BreakdownPanel
        id={`${id}-breakdown`}
        service={answer.service}
        by={props.by}
        rows={props.breakdown}
        rowsBy={props.breakdownBy}
      />
    </section>
  );
}
