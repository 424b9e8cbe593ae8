import { acceleratorsOf } from '../plan/search/candidate.ts';
import type { Evaluation } from '../plan/search/evaluation.ts';
import type { DiscardReason } from '../plan/search/screen.ts';
import type { SearchReport } from '../plan/search/search-report.ts';
import { columnsOf, paragraph, table } from './answer-layout.ts';
import { createPaint, type Paint } from './answer-paint.ts';
import { count, milliseconds, usd } from './answer-units.ts';
import { candidateWords, constraintWords } from './plan-words.ts';

/** The result of a search on one screen; pure. */
export function renderSearch(
  report: SearchReport,
  { colour, columns }: { colour: boolean; columns: number },
): string {
  const paint = createPaint(colour);
  const width = columnsOf(columns);
  const lines = [
    ...(report.best === null
      ? nothingLines(report, paint, width)
      : bestLines(report, paint, width)),
    '',
    ...paragraph(countWords(report), { width, indent: 0 }),
  ];
  return `${lines.join('\n')}\n`;
}

function bestLines(report: SearchReport, paint: Paint, width: number): string[] {
  const { best, runnerUps, front } = report;
  if (best === null) return [];
  const others = runnerUps.filter((one) => one !== best);
  return [
    `${paint.good('best')} ${paint.bold(candidateWords(best.candidate))}`,
    `  ${usd(best.usdPerHour)}/h (${best.priceSource}); step times: ${best.provenance.join(', ')}`,
    ...reasonLines(report, width),
    '',
    ...planTable('best and runner-ups', [best, ...others], width),
    '',
    ...planTable('cost, energy, tail front', front, width),
  ];
}

function reasonLines({ binds, cheaperFails, nextChange }: SearchReport, width: number): string[] {
  const lines: string[] = [];
  const say = (text: string): void => void lines.push(...paragraph(text, { width, indent: 2 }));
  if (binds !== null) say(`binds: ${constraintWords(binds)}`);
  const broken = cheaperFails?.tightest;
  if (cheaperFails !== null && broken !== undefined && broken !== null) {
    say(
      `the next cheaper, ${candidateWords(cheaperFails.candidate)} at ${usd(cheaperFails.usdPerHour)}/h, fails: ` +
        constraintWords(broken),
    );
  }
  if (nextChange !== null) {
    say(
      `next best change: allowing ${constraintWords(nextChange.constraint)} saves ${usd(nextChange.savesUsdPerHour)}/h ` +
        `(${candidateWords(nextChange.evaluation.candidate)})`,
    );
  }
  return lines;
}

function planTable(title: string, plans: readonly Evaluation[], width: number): string[] {
  const rows = plans.map((one) => [
    planName(one),
    usd(one.usdPerHour),
    milliseconds(one.ttftMs.p99.value),
    milliseconds(one.tpotMs.p99.value),
    milliseconds(one.e2eMs.p99.value),
    one.whPerRequest === null ? 'unknown' : `${Number(one.whPerRequest.toPrecision(3))}`,
  ]);
  const head = [title, '$/h', 'p99 TTFT', 'p99 TPOT', 'p99 E2E', 'Wh/request'];
  return table(head, rows, { width });
}

const planName = ({ candidate: c }: Evaluation): string =>
  `${acceleratorsOf(c)} x ${c.accelerator} ${c.quantization} tp${c.tensorParallel}, ${c.maxSequences} seqs`;

/** What each reason to discard a plan unseen means for whoever asked. */
const HINTS: Readonly<Record<DiscardReason, string>> = {
  memory: 'the weights or a request do not fit: more tensorParallel, or a smaller form',
  load: 'the traffic is more than they can work off: raise search.maxReplicas',
  latency:
    'a target of slo is out of reach even for a lone request: faster accelerators, or a looser target',
  power: 'a limit of limits.kwPerNode, kwPerRack or siteKw is passed',
  price: 'limits.usdPerHour is passed, or a price is missing',
};

function nothingLines(
  { closest, firstProblem, counts }: SearchReport,
  paint: Paint,
  width: number,
): string[] {
  const lines = [paint.bad('no plan of this space meets every target and limit')];
  if (closest !== null) {
    const broken = closest.tightest;
    const fails = broken === null ? '' : `: ${constraintWords(broken)}`;
    lines.push(
      ...paragraph(`closest: ${candidateWords(closest.candidate)}${fails}`, { width, indent: 2 }),
    );
  }
  for (const [reason, hint] of Object.entries(HINTS)) {
    const n = counts.discarded[reason as DiscardReason];
    if (n === 0) continue;
    lines.push(...paragraph(`${count(n)} discarded by ${reason}: ${hint}`, { width, indent: 2 }));
  }
  if (firstProblem !== null) {
    lines.push(...paragraph(`not every plan can be built: ${firstProblem}`, { width, indent: 2 }));
  }
  return lines;
}

function countWords({ counts }: SearchReport): string {
  const { discarded } = counts;
  const reasons = Object.entries(discarded)
    .filter(([, n]) => n > 0)
    .map(([reason, n]) => `${count(n)} by ${reason}`);
  return (
    `${count(counts.candidates)} plans: ${reasons.length === 0 ? 'none' : reasons.join(', ')} discarded before any simulation, ` +
    `${count(counts.simulated)} simulated (${count(counts.simulatedRequests)} requests), ${count(counts.bounded)} cannot beat what was found`
  );
}
