import type { Window } from '../../ledger/ledger.ts';
import type { Accounted } from '../account-detail.ts';
import type { Cause } from '../causes.ts';
import { closeAccount } from '../close-account.ts';
import { goodput } from '../metrics.ts';
import { createTimeBook } from '../time-book.ts';
import type { ClusterFacts } from './cluster-facts.ts';

const CAUSE_HOURS = [
  ['no-demand', 'noDemandHours'],
  ['quota', 'quotaHours'],
  ['fragmentation', 'fragmentationHours'],
  ['queue-policy', 'queuePolicyHours'],
  ['maintenance', 'maintenanceHours'],
  ['failed', 'failedHours'],
  ['starting', 'startingHours'],
  ['loading', 'loadingHours'],
  ['left-on', 'leftOnHours'],
] as const satisfies ReadonlyArray<readonly [Cause, keyof ClusterFacts]>;

/** The account of a cluster's cards that did no work of any job or engine. */
export function clusterAccount(facts: ClusterFacts, window: Window): Accounted {
  const wholeHours =
    CAUSE_HOURS.reduce((sum, [, key]) => sum + facts[key], 0) + facts.unexplainedHours;
  const book = createTimeBook(wholeHours * 3600);
  for (const [cause, key] of CAUSE_HOURS) {
    const evidence = facts.evidence[cause];
    const why = { confidence: facts.confidence, ...(evidence === undefined ? {} : { evidence }) };
    book.take(cause, facts[key] * 3600, why);
  }
  for (const note of facts.notes) book.unknown(note);
  const rate = facts.usdPerCardHour;
  const { grantedHours: granted, spanHours } = facts;
  return {
    account: {
      subject: facts.name,
      kind: 'pool',
      business: 'shared',
      services: [],
      accelerators: null,
      accelerator: null,
      usdPerAcceleratorHour: rate,
      basis: 'measured',
      simulated: false,
      fromMs: spanHours === null ? window.fromMs : window.toMs - spanHours * 3_600_000,
      toMs: window.toMs,
      acceleratorHours: wholeHours,
      usd: rate === null ? null : rate * wholeHours,
      energyWh: null,
      leaves: closeAccount(book, { usdPerAcceleratorHour: rate, energyWh: null, idleW: null }),
      metrics: {
        smActiveShare: null,
        tensorActiveShare: null,
        dramActiveShare: null,
        modelFlopsUtilization: null,
        hardwareFlopsUtilization: null,
        goodput: goodput({
          scheduling:
            granted === null || granted + wholeHours === 0
              ? null
              : granted / (granted + wholeHours),
          runtime: null,
          program: null,
        }),
        acceleratorUtilization: null,
        rooflinePosition: null,
      },
      missing:
        rate === null ? [`the price of a card of ${facts.name} (--price, or clusters[].cost)`] : [],
    },
    detail: { named: facts.named },
  };
}
