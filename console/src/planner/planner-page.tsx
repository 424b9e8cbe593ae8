import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { answersQuery, servicesQuery } from '../api/queries.ts';
import type { PlanBody, ServiceAnswer } from '../api/types.ts';
import { useApp } from '../app-context.ts';
import { DEFAULT_SINCE } from '../search.ts';
import { Failure } from '../shell/failure.tsx';
import { SelectField } from '../ui/field.tsx';
import { Loading } from '../ui/notice.tsx';
import { Panel } from '../ui/panel.tsx';
import { Missing } from '../ui/value.tsx';
import { DoublingPanel } from './doubling-panel.tsx';
import { LoadPanel } from './load-panel.tsx';
import { scaledPlan, servicePlanQuery } from './plan-queries.ts';
import type { DoublingCurve, ServePrediction } from './plan-shapes.ts';
import { PredictionPanel } from './prediction-panel.tsx';
import { TrafficSlider } from './traffic-slider.tsx';
import { TrainingPanel } from './training-panel.tsx';
import { usePlan } from './use-plan.ts';

/** What the three answers become when traffic grows: predicted beside measured, for one service. */
export function PlannerPage() {
  const { client } = useApp();
  const search = useSearch({ from: '/planner' });
  const navigate = useNavigate({ from: '/planner' });
  const { data: services, error } = useQuery(servicesQuery(client));
  const names = services?.services.map((one) => one.name) ?? [];
  const service = search.service ?? names[0];
  return (
    <>
      <div className="flex flex-wrap items-end justify-between gap-x-4 gap-y-1">
        <h1 className="text-lg font-semibold">Planner</h1>
        <div className="w-48">
          <SelectField
            label="Service"
            value={service ?? ''}
            options={names.map((name) => ({ value: name, label: name }))}
            onChange={(value) => {
              void navigate({ search: (old) => ({ ...old, service: value }) });
            }}
          />
        </div>
      </div>
      <Failure what="the services" error={error} shownSinceMs={null} />
      {service === undefined ? null : (
        <ServicePlanner
          key={service}
          service={service}
          since={search.since ?? DEFAULT_SINCE}
          halves={search.halves ?? 0}
          onHalves={(halves) => {
            void navigate({ search: (old) => ({ ...old, halves }), replace: true });
          }}
        />
      )}
      <TrainingPanel />
    </>
  );
}

interface ServicePlannerProps {
  service: string;
  since: string;
  halves: number;
  onHalves: (halves: number) => void;
}

function ServicePlanner({ service, since, halves, onHalves }: ServicePlannerProps) {
  const { client } = useApp();
  const { data, error } = useQuery(servicePlanQuery(client, service, since));
  const { data: answers } = useQuery(answersQuery(client, { since, by: 'feature' }));
  const answer = answers?.services.find((one) => one.service === service);
  if (error !== null) return <Failure what="the plan" error={error} shownSinceMs={null} />;
  if (data === undefined) return <Loading what="the plan" />;
  if (data.plan === null || data.measured === null) {
    return (
      <Panel id="plan-missing" level={2} title="No plan yet">
        <p className="text-sm">This service cannot be planned until its description is complete.</p>
        <Missing items={data.missing} />
      </Panel>
    );
  }
  return (
    <>
      <TrafficSlider ratePerS={data.measured.ratePerS} halves={halves} onHalves={onHalves} />
      <Plans
        plan={data.plan}
        factor={2 ** (halves / 2)}
        ratePerS={data.measured.ratePerS}
        answer={answer}
      />
    </>
  );
}

interface PlansProps {
  plan: PlanBody;
  factor: number;
  ratePerS: number;
  answer: ServiceAnswer | undefined;
}

function Plans({ plan, factor, ratePerS, answer }: PlansProps) {
  const serve = usePlan<ServePrediction>('serve', scaledPlan(plan, factor));
  const double = usePlan<DoublingCurve>('double', plan);
  const nowPerS = ratePerS * factor;
  return (
    <>
      <PredictionPanel used={serve} answer={answer} />
      <div className="grid items-start gap-3 xl:grid-cols-2">
        <LoadPanel
          plan={plan}
          ratePerS={ratePerS}
          factor={factor}
          answer={answer}
          waits={double.isRunning}
        />
        <DoublingPanel used={double} nowPerS={nowPerS} />
      </div>
    </>
  );
}
