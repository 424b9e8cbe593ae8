import type { PredictedLatency, ServePlan } from '../plan/search/serve-plan.ts';
import { columnsOf, paragraph, table } from './answer-layout.ts';
import { createPaint, type Paint } from './answer-paint.ts';
import { count, milliseconds, share, usd } from './answer-units.ts';
import { candidateWords, constraintWords } from './plan-words.ts';
import { kilowatts } from './plan-units.ts';

const METRICS = [
  ['TTFT', 'ttftMs'],
  ['TPOT', 'tpotMs'],
  ['E2E', 'e2eMs'],
] as const;

/** The prediction of one deployment on one screen; pure. */
export function renderServePlan(
  plan: ServePlan,
  { colour, columns }: { colour: boolean; columns: number },
): string {
  const paint = createPaint(colour);
  const width = columnsOf(columns);
  const { evaluation } = plan;
  const lines = [
    paint.bold(candidateWords(evaluation.candidate)),
    `  ${rate(plan.ratePerS)}, ${count(evaluation.requests)} requests simulated, step times: ${evaluation.provenance.join(', ')} (+-${share(plan.modelErrorShare)})`,
    '',
    ...latencyLines(plan, width),
    ...fittedLines(plan),
    ...verdictLines(plan, paint),
    '',
    ...costLines(plan),
    '',
    ...utilizationLines(plan),
    ...prefixLines(plan),
    ...energyLines(plan),
    ...plan.notes.flatMap((note) => ['', ...paragraph(paint.warn(note), { width, indent: 2 })]),
  ];
  return `${lines.join('\n')}\n`;
}

const rate = (perS: number): string => `${Number(perS.toPrecision(4))} requests/s`;

function latencyLines({ latency }: ServePlan, width: number): string[] {
  const rows = METRICS.map(([name, key]) => {
    const { p50, p95, p99 } = latency[key];
    return [name, withInterval(p50), withInterval(p95), withInterval(p99)];
  });
  return table(['', 'p50', 'p95', 'p99'], rows, { width });
}

/** Typical times of published runs beside the simulated ones: two models that agree are worth more than one. */
function fittedLines({ fitted }: ServePlan): string[] {
  if (fitted === null) return [];
  const { ttft, tpot, concurrency, novelty } = fitted;
  const span = ({ ms, lowMs, highMs }: typeof ttft): string =>
    withInterval({ value: ms, lowest: lowMs, highest: highMs });
  const seen = novelty === 'known' ? 'known to the fit' : `${novelty.replace('-', ' ')} to the fit`;
  return [
    `  fit to published runs, ${Number(concurrency.toPrecision(3))} in flight (${seen}): ` +
      `TTFT ${span(ttft)}, TPOT ${span(tpot)}`,
  ];
}

const withInterval = ({ value, lowest, highest }: PredictedLatency): string =>
  `${milliseconds(value)} [${milliseconds(lowest)}, ${milliseconds(highest)}]`;

function verdictLines({ evaluation, saturationPerS, ratePerS }: ServePlan, paint: Paint): string[] {
  const { violations, tightest } = evaluation;
  const capacity =
    saturationPerS === null
      ? '  saturation unknown'
      : `  saturates at ${rate(saturationPerS)}, ${share(ratePerS / saturationPerS)} of it is used`;
  if (violations.length > 0) {
    return [
      ...violations.map((one) => `  ${paint.bad('missed')} ${constraintWords(one)}`),
      capacity,
    ];
  }
  const binds = tightest === null ? 'no target or limit was set' : constraintWords(tightest);
  return [`  ${paint.good('met')}: tightest is ${binds}`, capacity];
}

function costLines({ evaluation, units, paying }: ServePlan): string[] {
  const lines = [`  ${usd(evaluation.usdPerHour)}/h (${evaluation.priceSource})`];
  if (units !== null) {
    lines.push(
      `  ${usd(units.perRequestUsd)} a request, ${usd(units.per1000RequestsUsd)} per 1,000; per million tokens: ` +
        `${usd(units.perMillionInputUsd)} in, ${usd(units.perMillionOutputUsd)} out`,
    );
  }
  for (const { use, below, above } of paying?.breakEvens ?? []) {
    lines.push(`  ${above} is cheaper than ${below} from ${share(use)} of capacity on`);
  }
  return lines;
}

function utilizationLines({ evaluation, kvTokens }: ServePlan): string[] {
  const { utilization: u } = evaluation;
  const causes = [
    ['memory bandwidth', u.memory],
    ['arithmetic', u.compute],
    ['exchange', u.network],
    ['host', u.host],
    ['idle', u.idle],
  ] as const;
  const sorted = causes.toSorted((a, b) => b[1] - a[1]).filter(([, value]) => value > 0.0005);
  return [
    `  time: ${sorted.map(([name, value]) => `${name} ${share(value)}`).join(', ')}`,
    `  ${Number(evaluation.meanRunning.toPrecision(3))} sequences run on average; KV ${share(evaluation.kvShareMean)} of ` +
      `${count(kvTokens)} tokens a replica; ${count(evaluation.preemptions)} preemptions`,
  ];
}

function prefixLines({ prefix, latency }: ServePlan): string[] {
  if (prefix === null) return [];
  const { hitShare, reusableShare, without } = prefix;
  const before = without.saturationPerS === null ? 'unknown' : rate(without.saturationPerS);
  return [
    `  prefix cache: ${share(hitShare)} of prompt tokens found, ${share(reusableShare)} with unbounded memory; without it ` +
      `TTFT p99 ${milliseconds(without.ttftMs.p99.value)} instead of ${milliseconds(latency.ttftMs.p99.value)}, saturation ${before}`,
  ];
}

function energyLines({ evaluation, factors }: ServePlan): string[] {
  const { whPerRequest, meanFacilityKw, fleetKw, carbonKgPerHour } = evaluation;
  if (whPerRequest === null || meanFacilityKw === null || fleetKw === null) {
    return ['  energy unknown: the accelerator has no published power'];
  }
  const carbon =
    carbonKgPerHour === null
      ? `carbon unknown without ${factors.missing[0] ?? 'a grid figure'}`
      : `${Number(carbonKgPerHour.toPrecision(3))} kg CO2e/h`;
  return [
    `  ${Number(whPerRequest.toPrecision(3))} Wh a request at the meter (PUE ${factors.pue}), mean ${kilowatts(meanFacilityKw)}, ` +
      `IT peak ${kilowatts(fleetKw)}, ${carbon}`,
  ];
}
