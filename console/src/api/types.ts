import type { components, operations } from './generated/openapi.ts';

/**
 * Names for the shapes of the control API, all taken from the document it publishes
 * (docs/openapi.json). Units are in the field names; null is unknown.
 */
type Schemas = components['schemas'];

export type Answers = Schemas['Answers'];
export type Series = Schemas['Series'];
export type SeriesStep = Schemas['SeriesStep'];
export type RequestPage = Schemas['RequestPage'];
export type RequestRecord = Schemas['RequestRecord'];
export type ServiceList = Schemas['ServiceList'];
export type Health = Schemas['Health'];

export type ServiceAnswer = Answers['services'][number];
export type LatencyAnswer = ServiceAnswer['latency'][number];
export type TailAnswer = ServiceAnswer['tail'];
export type CostAnswer = ServiceAnswer['cost'];
export type EnergyAnswer = ServiceAnswer['energy'];
export type UtilizationAnswer = ServiceAnswer['utilization'];
export type EngineUtilization = UtilizationAnswer['engines'][number];
export type BreakdownRow = NonNullable<Answers['breakdown']>[number];
export type BreakdownBy = NonNullable<Answers['breakdownBy']>;

export type Metric = LatencyAnswer['metric'];
export type Basis = CostAnswer['basis'];
export type TailCause = TailAnswer['causes'][number]['cause'];
export type UtilizationCause = UtilizationAnswer['causes'][number]['cause'];
export type Outcome = RequestRecord['outcome'];
export type Simulated = ServiceAnswer['simulated'];

export type PlanJob = Schemas['PlanJob'];
export type PlanJobResult = Schemas['PlanJobResult'];
export type TrainingReport = Schemas['TrainingReport'];
export type ServicePlan = Schemas['ServicePlan'];
export type PlanCreate = Schemas['PlanCreate'];
export type PlanKind = PlanJob['kind'];
/** A plan in the form of plan.yaml. */
export type PlanBody = Record<string, unknown>;

export type AnswersAsk = NonNullable<operations['getAnswers']['parameters']['query']>;
export type SeriesAsk = NonNullable<operations['getSeries']['parameters']['query']>;
export type RequestsAsk = NonNullable<operations['listRequests']['parameters']['query']>;
