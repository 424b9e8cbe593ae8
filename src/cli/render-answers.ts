import type { Answers, ServiceAnswer } from '../measure/answers/answers.ts';
import { createPaint, type Paint } from './answer-paint.ts';
import { count, duration, instant, milliseconds, plain, share, usd } from './answer-units.ts';
import { columnsOf, paragraph, table } from './answer-layout.ts';

/** How the screen is drawn. Colour only repeats what the words say. */
export interface RenderOptions {
  columns: number;
  colour: boolean;
}

/** Answers as one screen of text for each service, ending in a line feed. Pure. */
export function renderAnswers(answers: Answers, options: RenderOptions): string {
  const paint = createPaint(options.colour);
  const width = columnsOf(options.columns);
  const blocks = answers.services.map((one) => serviceBlock(one, answers, paint, width));
  if (answers.breakdown !== null) blocks.push(breakdownBlock(answers, paint, width));
  blocks.push([closingLine(answers, paint)]);
  return blocks.map((lines) => `${lines.join('\n')}\n`).join('\n');
}

function serviceBlock(one: ServiceAnswer, all: Answers, paint: Paint, width: number): string[] {
  const feature = one.feature === null ? '' : ` · feature ${plain(one.feature)}`;
  return [
    `${paint.bold(plain(one.service))} · owner ${plain(one.owner)}${feature}${simulatedNote(one, paint)}`,
    ...paragraph(requestLine(one, all), { width, indent: 0 }),
    '',
    ...latencyLines(one, paint, width),
    '',
    ...costLines(one, paint, width),
    '',
    ...utilizationLines(one, paint, width),
    ...flagLines(one, paint, width),
  ];
}

function simulatedNote(one: ServiceAnswer, paint: Paint): string {
  if (one.simulated === 'none') return '';
  const what = one.simulated === 'all' ? 'SIMULATED' : 'PARTLY SIMULATED';
  return ` · ${paint.warn(`${what}, not a measurement of real hardware`)}`;
}

function requestLine(one: ServiceAnswer, all: Answers): string {
  const r = one.requests;
  const parts = [
    `${count(r.succeeded)} ok`,
    `${count(r.failed)} failed`,
    `${count(r.rejected)} rejected`,
    `${count(r.aborted)} broken off`,
    `${count(r.retried)} retried`,
  ];
  const tokens = `${count(r.tokensIn)} tokens in, ${count(r.tokensOut)} out`;
  const estimated =
    r.usageEstimated === 0 ? '' : ` (tokens of ${count(r.usageEstimated)} requests counted here)`;
  const window = `${duration(all.toMs - all.fromMs)} to ${instant(all.toMs)}`;
  return `${window} · ${count(r.total)} requests: ${parts.join(', ')} · ${tokens}${estimated}`;
}

const METRIC = { ttft: 'TTFT', tpot: 'TPOT', e2e: 'E2E' } as const;

function latencyLines(one: ServiceAnswer, paint: Paint, width: number): string[] {
  const rows = one.latency.map((l) => [
    METRIC[l.metric],
    milliseconds(l.p50Ms),
    l.count > 0 && l.p95TooFew ? 'too few' : milliseconds(l.p95Ms),
    l.targetP95Ms === null ? 'none' : milliseconds(l.targetP95Ms),
    l.count > 0 && l.p99TooFew ? 'too few' : milliseconds(l.p99Ms),
    l.targetP99Ms === null ? 'none' : milliseconds(l.targetP99Ms),
    count(l.count),
    metWord(l.met, l.targetP95Ms !== null || l.targetP99Ms !== null, paint),
  ]);
  const { actual, target, met } = one.availability;
  const aim = target === null ? 'no target' : `target ${share(target, 3)}`;
  const availability = `availability ${share(actual, 3)} (${aim})  ${metWord(met, target !== null, paint)}`;
  return [
    paint.bold('1 Latency against target'),
    ...table(['', 'p50', 'p95', 'target', 'p99', 'target', 'n', ''], rows, { width }),
    `  ${availability}`,
    ...paragraph(tailText(one), { width, indent: 2 }),
  ];
}

function metWord(met: boolean | null, hasTarget: boolean, paint: Paint): string {
  if (met === true) return paint.good('met');
  if (met === false) return paint.bad('MISSED');
  return hasTarget ? paint.warn('cannot tell') : 'no target';
}

const TAIL_CAUSE: Record<ServiceAnswer['tail']['causes'][number]['cause'], string> = {
  queue: 'queue in Tailrace',
  'engine-queue': 'queue in the engine',
  prefill: 'prefill',
  'first-token': 'engine until first token',
  decode: 'decode',
  retries: 'retries',
  gateway: 'gateway',
};

function tailText({ tail }: ServiceAnswer): string {
  if (tail.causes.length === 0) return 'the tail: too few requests to say where it comes from';
  const causes = tail.causes
    .slice(0, 4)
    .map((one) => `${TAIL_CAUSE[one.cause]} ${share(one.share)} (${milliseconds(one.meanMs)})`);
  return `the tail (${count(tail.sampleCount)} requests at or above p95): ${causes.join(', ')}`;
}

function costLines(one: ServiceAnswer, paint: Paint, width: number): string[] {
  const { cost } = one;
  const say = (text: string): string[] => paragraph(text, { width, indent: 2 });
  const unit = [
    `${usd(cost.perRequestUsd)} per request`,
    `${usd(cost.per1kRequestsUsd)} per 1,000`,
    `${usd(cost.perMTokenUsd)} per M tokens`,
  ];
  const split = `(input ${usd(cost.perMInputTokenUsd)}, output ${usd(cost.perMOutputTokenUsd)})`;
  return [
    paint.bold(`2 Cost (${cost.kind}, ${cost.basis})`),
    ...say(`${unit.join(' · ')} ${split}`),
    ...say(windowText(one)),
    ...say(marginalText(one)),
    ...(cost.byFeature.length > 1 ? say(featureText(one)) : []),
    ...say(energyText(one)),
  ];
}

function windowText({ cost }: ServiceAnswer): string {
  const { usageUsd, allocatedUsd, idleUsd } = cost;
  if (usageUsd === null && allocatedUsd === null) return 'this window: unknown';
  if (cost.kind === 'api') return `this window: ${usd(usageUsd)}, billed by the token`;
  if (allocatedUsd === null) return `this window: ${usd(usageUsd)} used; idle time unknown`;
  return `this window: ${usd(allocatedUsd)} allocated = ${usd(usageUsd)} used + ${usd(idleUsd)} idle`;
}

function marginalText({ cost: { marginal } }: ServiceAnswer): string {
  const { perRequestUsd, basis } = marginal;
  const figure = perRequestUsd === null ? 'unknown' : `${usd(perRequestUsd)} (${basis})`;
  return `one more at twice the traffic: ${figure}. ${plain(marginal.explanation)}`;
}

function featureText({ cost }: ServiceAnswer): string {
  const shown = cost.byFeature.slice(0, 5);
  const more = cost.byFeature.length - shown.length;
  const parts = shown.map(
    (one) => `${plain(one.feature)} ${usd(one.allocatedUsd ?? one.usageUsd)}`,
  );
  return `by feature: ${parts.join(', ')}${more > 0 ? `, and ${more} more` : ''}`;
}

function energyText({ energy }: ServiceAnswer): string {
  if (energy.energyWh === null) return 'energy: unknown';
  const each =
    energy.perRequestWh === null ? '' : `, ${wattHours(energy.perRequestWh)} per request`;
  return `energy of the work: ${wattHours(energy.energyWh)}${each} (${energy.basis})`;
}

const wattHours = (wh: number): string =>
  wh >= 1000 ? `${(wh / 1000).toPrecision(3)} kWh` : `${Number(wh.toPrecision(3))} Wh`;

function utilizationLines(one: ServiceAnswer, paint: Paint, width: number): string[] {
  const { utilization } = one;
  const rows = utilization.engines.map((e) => [
    plain(e.engine) + (e.simulated ? ' (simulated)' : ''),
    share(e.busyShare),
    share(e.batchOccupancy),
    share(e.kvUsageShare),
    e.waitingMean === null ? 'unknown' : e.waitingMean.toFixed(1),
    e.preemptions === null ? 'unknown' : count(e.preemptions),
    e.acceleratorHours === null ? 'unknown' : `${Number(e.acceleratorHours.toPrecision(3))} h`,
    share(e.sampledShare),
  ]);
  const head = ['', 'busy', 'batch', 'KV', 'waiting', 'preempt', 'paid', 'sampled'];
  const causes = utilization.causes.map((c) => {
    const money = c.usd === null ? '' : ` ${usd(c.usd)}`;
    return `${c.cause} ${share(c.share)}${money}`;
  });
  return [
    paint.bold('3 Utilization and why'),
    ...paragraph(plain(utilization.sentence), { width, indent: 2 }),
    ...(rows.length === 0 ? [] : table(head, rows, { width })),
    ...(causes.length === 0
      ? []
      : paragraph(`of the time paid for: ${causes.join(', ')}`, { width, indent: 2 })),
  ];
}

function flagLines(one: ServiceAnswer, paint: Paint, width: number): string[] {
  if (one.redFlags.length === 0) return [];
  const flags = one.redFlags.flatMap((flag) =>
    paragraph(`! ${plain(flag.message)}`, { width, indent: 2, hanging: 2 }),
  );
  return ['', paint.bad('Red flags: answers that are missing'), ...flags];
}

function breakdownBlock(answers: Answers, paint: Paint, width: number): string[] {
  const rows = (answers.breakdown ?? []).map((row) => [
    plain(row.service),
    plain(row.key),
    count(row.requests),
    milliseconds(row.ttftP95Ms),
    row.e2eP95Ms === null ? 'too few' : milliseconds(row.e2eP95Ms),
    row.e2eP99Ms === null ? 'too few' : milliseconds(row.e2eP99Ms),
    count(row.tokensIn + row.tokensOut),
    usd(row.usageUsd),
  ]);
  const by = answers.breakdownBy ?? 'key';
  const head = ['service', by, 'requests', 'TTFT p95', 'E2E p95', 'E2E p99', 'tokens', 'used'];
  return [paint.bold(`By ${by}`), ...table(head, rows, { width, textColumns: 2 })];
}

function closingLine(answers: Answers, paint: Paint): string {
  const error = `percentiles ±${share(answers.percentileErrorBound, 2)}`;
  switch (answers.exitCode) {
    case 0:
      return `${paint.good('Answered and within target.')} (${error})`;
    case 4:
      return `${paint.bad('Answered; a target is missed.')} (${error}; exit code 4)`;
    case 3:
      return `${paint.bad('An answer is missing, see the red flags.')} (${error}; exit code 3)`;
  }
}
