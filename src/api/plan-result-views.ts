import { z } from 'zod';
import { leadTimeKinds } from '../catalog/lead-times.ts';
import { elementKinds } from '../plan/facility/site-element.ts';
import { SPEND_CAUSES } from '../plan/training/training-spend.ts';
import {
  estimateView,
  evaluationView,
  latencyStatsView,
  violationView,
} from './plan-evaluation-view.ts';

const known = z.number();
const maybe = z.number().nullable();
const texts = z.array(z.string());

const unitCosts = z
  .strictObject({
    perRequestUsd: known,
    per1000RequestsUsd: known,
    perMillionInputUsd: maybe,
    perMillionCachedUsd: maybe,
    perMillionOutputUsd: maybe,
  })
  .meta({ id: 'PlanUnitCosts' });

const siteFactors = z
  .strictObject({
    pue: known,
    wueLPerKwh: known,
    ewifLPerKwh: maybe,
    gPerKwh: maybe,
    sources: texts,
    missing: texts,
  })
  .meta({ id: 'PlanSiteFactors' });

const percentiles = z.strictObject({ p50: estimateView, p95: estimateView, p99: estimateView });
const fittedMs = z.strictObject({ ms: known, lowMs: known, highMs: known });
const payingForm = z.strictObject({
  name: z.string(),
  cost: z.strictObject({ fixedUsdPerHour: known, useUsdPerHour: known }),
});

/** `serve`: one deployment, and how sure the prediction is. */
const servePlan = z
  .strictObject({
    ratePerS: known,
    evaluation: evaluationView,
    modelErrorShare: known,
    latency: z.strictObject({ ttftMs: percentiles, tpotMs: percentiles, e2eMs: percentiles }),
    units: unitCosts.nullable(),
    saturationPerS: maybe,
    fitted: z
      .strictObject({
        ttft: fittedMs,
        tpot: fittedMs,
        provenance: z.literal('fitted'),
        novelty: z.enum(['known', 'new-accelerator', 'new-model']),
        concurrency: known,
      })
      .nullable(),
    kvTokens: z.int(),
    prefix: z
      .strictObject({
        hitShare: known,
        reusableShare: known,
        without: z.strictObject({ ttftMs: latencyStatsView, saturationPerS: maybe }),
      })
      .nullable(),
    paying: z
      .strictObject({
        capacityPerS: known,
        forms: z.array(payingForm),
        breakEvens: z.array(z.strictObject({ use: known, below: z.string(), above: z.string() })),
        cheapest: z.array(z.strictObject({ fromUse: known, name: z.string() })),
      })
      .nullable(),
    factors: siteFactors,
    notes: texts,
  })
  .meta({ id: 'ServePlan' });

/** `search`: the best plan, what comes close, and what would change it. */
const searchReport = z
  .strictObject({
    best: evaluationView.nullable(),
    runnerUps: z.array(evaluationView),
    front: z.array(evaluationView),
    binds: violationView.nullable(),
    cheaperFails: evaluationView.nullable(),
    nextChange: z
      .strictObject({
        evaluation: evaluationView,
        constraint: violationView,
        savesUsdPerHour: known,
      })
      .nullable(),
    closest: evaluationView.nullable(),
    counts: z.strictObject({
      candidates: z.int(),
      discarded: z.strictObject({
        memory: z.int(),
        load: z.int(),
        latency: z.int(),
        power: z.int(),
        price: z.int(),
      }),
      simulated: z.int(),
      simulatedRequests: z.int(),
      bounded: z.int(),
    }),
    firstProblem: z.string().nullable(),
  })
  .meta({ id: 'PlanSearchReport' });

/** `double`: the cheapest plan over load, and what twice the traffic costs. */
const doublePlan = z
  .strictObject({
    points: z.array(
      z.strictObject({
        ratePerS: known,
        best: evaluationView.nullable(),
        usdPerHour: maybe,
        averageUsdPer1000: maybe,
        average: unitCosts.nullable(),
        bindsField: z.string().nullable(),
      }),
    ),
    doublings: z.array(
      z.strictObject({
        fromPerS: known,
        toPerS: known,
        extraUsdPerHour: maybe,
        extraAccelerators: maybe,
        marginalUsdPer1000: maybe,
        marginal: unitCosts.nullable(),
      }),
    ),
  })
  .meta({ id: 'PlanDoubling' });

const limitKinds = z.enum(['power', 'cooling']);
const reading = z.strictObject({
  path: z.string(),
  id: z.string(),
  kind: z.enum(elementKinds),
  limit: limitKinds,
  loadKw: known,
  capacityKw: known,
  headroomKw: known,
  fits: z.boolean(),
  source: z.string(),
});

/** `facility`: whether a site carries its nodes, until when, and what to order. */
const facilityPlan = z
  .strictObject({
    check: z.strictObject({
      fits: z.boolean(),
      itKw: known,
      nodes: z.int(),
      readings: z.array(reading),
      binding: reading.nullable(),
      uncheckedCooling: texts,
    }),
    runOuts: z.array(
      z.strictObject({
        path: z.string(),
        kind: z.enum(elementKinds),
        limit: limitKinds,
        date: z.string().nullable(),
        loadKw: known,
        capacityKw: known,
      }),
    ),
    orders: z.array(
      z.strictObject({
        what: z.enum(leadTimeKinds),
        path: z.string(),
        neededBy: z.string(),
        lowWeeks: known,
        highWeeks: known,
        orderBy: z.string(),
        orderByAtBest: z.string(),
        lateWeeks: known,
        source: z.string(),
      }),
    ),
    factors: siteFactors,
    yearly: z.strictObject({
      itKwh: known,
      facilityKwh: known,
      siteWaterL: known,
      sourceWaterL: maybe,
      waterL: maybe,
      carbonKg: maybe,
    }),
    costUsdPerYear: maybe,
  })
  .meta({ id: 'FacilityPlan' });

const spread = z.strictObject({ mean: known, low: known, high: known });
const causes = z.enum(SPEND_CAUSES);

/** `train`: one training run, where its spend goes, and what would save some. */
const trainingReport = z
  .strictObject({
    model: z.string(),
    accelerator: z.string(),
    accelerators: z.int(),
    tokens: known,
    dataParallel: z.int(),
    microBatches: z.int(),
    memory: z.strictObject({
      stateBytes: known,
      activationBytes: known,
      totalBytes: known,
      usableBytes: known,
      fits: z.boolean(),
    }),
    run: z.strictObject({
      step: z.strictObject({
        stepS: known,
        computeS: known,
        recomputeS: known,
        bubbleS: known,
        tensorExchangeS: known,
        pipelineExchangeS: known,
        dataExchangeS: known,
        expertExchangeS: known,
        stragglerS: known,
        overheadS: known,
        dataInputS: known,
        modelFlops: known,
        mfu: known,
        provenance: z.enum(['measured', 'roofline']),
      }),
      steps: z.int(),
      checkpoint: z
        .strictObject({
          bytes: known,
          writeS: known,
          timing: z.record(z.string(), known),
          intervalS: maybe,
          youngS: maybe,
          dalyS: maybe,
          simulatedS: maybe,
        })
        .nullable(),
      wallHours: spread,
      failures: spread,
      effectiveTimeShare: known,
      shares: z.record(causes, known),
      usdPerAcceleratorHour: maybe,
      usdBasis: z.enum(['plan', 'catalog median', 'unknown']),
      costUsd: spread.nullable(),
      costUsdPerTrillionTokens: maybe,
      energyKwh: maybe,
      energyKwhPerTrillionTokens: maybe,
    }),
    fixes: z.array(
      z.strictObject({
        cause: causes,
        change: z.string(),
        savedHours: known,
        savedShare: known,
        savedUsd: maybe,
        wallHours: known,
      }),
    ),
    notes: texts,
  })
  .meta({ id: 'TrainingReport' });

/** What the command of that kind prints with --json; the keys of each kind are its own. Units are in the names. */
export const planResultView = z.union([
  servePlan,
  searchReport,
  doublePlan,
  facilityPlan,
  trainingReport,
]);
