import type { Collector } from './collector.ts';
import { dataStall, trainingGoodput } from './collectors/account.ts';
import { activeShare } from './collectors/active-share.ts';
import { allocatedShare } from './collectors/allocated-share.ts';
import { attainment } from './collectors/attainment.ts';
import { capTested } from './collectors/cap-tested.ts';
import { alertProven, failureInjection } from './collectors/drills.ts';
import { energyKnown } from './collectors/energy-known.ts';
import { spendForecast, trafficForecast } from './collectors/forecast-error.ts';
import { goodput } from './collectors/goodput.ts';
import { idleAllocated } from './collectors/idle-allocated.ts';
import { incidentLog } from './collectors/incident-log.ts';
import { loadTest } from './collectors/load-test.ts';
import { lossAttributed } from './collectors/loss-attributed.ts';
import {
  availabilityObjectives,
  fallbackConfigured,
  latencyObjectives,
  separateQueues,
} from './collectors/objectives.ts';
import { budgets, invoices } from './collectors/money-kept.ts';
import { onCall } from './collectors/on-call.ts';
import { ownedKeys } from './collectors/owned-keys.ts';
import { capacityPlan, envelopeChecked, powerEnvelope } from './collectors/plans.ts';
import { planReplayed } from './collectors/plan-replayed.ts';
import { powerSampled } from './collectors/power-sampled.ts';
import { probeReference } from './collectors/probe-reference.ts';
import { probesFresh } from './collectors/probes-fresh.ts';
import { queueWait } from './collectors/queue-wait.ts';
import { budgetPolicy, canary, changeFailure } from './collectors/releases.ts';
import { restoreTest } from './collectors/restore-test.ts';
import { restoreTime } from './collectors/restore-time.ts';
import { separateRoles } from './collectors/separate-roles.ts';
import { spendAllocated } from './collectors/spend-allocated.ts';
import { tailKnown } from './collectors/tail-known.ts';
import { telemetryShare } from './collectors/telemetry-share.ts';
import { marginalCost, unitCosts, wastePriced } from './collectors/unit-costs.ts';
import { vendorGrade } from './collectors/vendor-grade.ts';
import { workloadClass } from './collectors/workload-class.ts';

/** Everything that is collected by itself; `criteria.yaml` names them by id. */
export const collectors: readonly Collector[] = [
  workloadClass,
  separateQueues,
  capacityPlan,
  telemetryShare,
  allocatedShare,
  activeShare,
  powerSampled,
  powerEnvelope,
  idleAllocated,
  energyKnown,
  envelopeChecked,
  capTested,
  lossAttributed,
  probesFresh,
  dataStall,
  tailKnown,
  latencyObjectives,
  attainment,
  goodput,
  availabilityObjectives,
  restoreTime,
  fallbackConfigured,
  trainingGoodput,
  ownedKeys,
  separateRoles,
  vendorGrade,
  spendAllocated,
  unitCosts,
  marginalCost,
  wastePriced,
  trafficForecast,
  spendForecast,
  queueWait,
  planReplayed,
  probeReference,
  alertProven,
  failureInjection,
  loadTest,
  canary,
  budgetPolicy,
  changeFailure,
  incidentLog,
  onCall,
  restoreTest,
  budgets,
  invoices,
];
