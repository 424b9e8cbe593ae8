import type { CategoryView, ConditionView, ScoreView } from '../govern/scorecard/score-view.ts';
import { createPaint, type Paint } from './answer-paint.ts';
import { columnsOf, paragraph, table } from './answer-layout.ts';

export interface ScoreLook {
  columns: number;
  colour: boolean;
}

const percent = (share: number | null): string =>
  share === null ? 'unknown' : `${Math.round(share * 100)} %`;
const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** The scorecard on one screen: totals, categories, what makes late, the three questions. */
export function renderScore(score: ScoreView, look: ScoreLook): string {
  const paint = createPaint(look.colour);
  const width = columnsOf(look.columns);
  const of = score.service === null ? 'organisation' : `service ${score.service}`;
  const lines = [
    paint.bold(`Scorecard of the ${of}: ${score.proven} of ${score.outOf} proven`),
    `  claimed ${score.claimed}, proven ${score.proven}, with simulated engines ${score.simulated}`,
    ...paragraph(readingLine(score, paint), { width, indent: 2 }),
    '',
    ...table(
      ['#', 'category', 'claimed', 'proven', 'simulated', 'met', 'spend', ''],
      score.categories.map((one) => categoryRow(one, paint)),
      { width, textColumns: 2 },
    ),
    '',
    ...lateLines(score, paint, width),
    '',
    ...questionLines(score, paint, width),
    '',
    '  tailrace score --explain CATEGORY tells why; tailrace roadmap tells what to do.',
  ];
  return `${lines.join('\n')}\n`;
}

function readingLine({ reading, readingText }: ScoreView, paint: Paint): string {
  if (reading === 'scale') return paint.good(readingText);
  return reading === 'spending-risk' ? paint.bad(readingText) : paint.warn(readingText);
}

function categoryRow(one: CategoryView, paint: Paint): string[] {
  const asked = one.conditions.filter(({ state }) => state !== 'not-applicable');
  const met = asked.filter(({ state }) => state === 'met').length;
  return [
    String(one.number),
    one.id,
    String(one.claimed),
    one.proven === 2 ? paint.good('2') : one.proven === 1 ? '1' : paint.bad('0'),
    String(one.simulated),
    `${met}/${asked.length}`,
    percent(one.spendShare),
    one.flagged ? paint.bad('0 with over 10 % of spend') : '',
  ];
}

function lateLines({ late }: ScoreView, paint: Paint, width: number): string[] {
  const open = late.filter(({ state }) => state !== 'fine');
  if (open.length === 0) return [paint.good('Nothing here makes you late.')];
  const mark = (state: string): string =>
    state === 'late' ? paint.bad('late   ') : paint.warn('unknown');
  return [
    paint.bold('What makes you late'),
    ...open.flatMap((one) =>
      paragraph(`${mark(one.state)} ${one.title}`, { width: width + 9, indent: 2, hanging: 8 }),
    ),
  ];
}

function questionLines({ redFlagTest }: ScoreView, paint: Paint, width: number): string[] {
  const lines = [paint.bold('The three questions')];
  for (const { service, simulated, questions } of redFlagTest) {
    lines.push(`  ${service}${simulated ? ' (simulated)' : ''}`);
    for (const one of questions) {
      const text = one.answered ? one.answer : one.flags.join(' ');
      const mark = one.answered ? paint.good('answered') : paint.bad('flagged ');
      const room = { width: width + 9, indent: 4, hanging: 9 };
      lines.push(...paragraph(`${mark} ${one.question}: ${text}`, room));
    }
  }
  return lines;
}

/** One category: every condition with its evidence, and how to see it oneself. */
export function renderCategory(category: CategoryView, { columns, colour }: ScoreLook): string {
  const paint = createPaint(colour);
  const width = columnsOf(columns);
  const lines = [
    paint.bold(`${category.number} ${category.name}: ${category.proven} of 2 proven`),
    `  claimed ${category.claimed}, with simulated engines ${category.simulated}`,
  ];
  for (const level of [1, 2] as const) {
    lines.push('', paint.bold(`  Level ${level}`));
    for (const one of category.conditions.filter((each) => each.level === level)) {
      lines.push(...conditionLines(one, paint, width));
    }
  }
  return `${lines.join('\n')}\n`;
}

function conditionLines(one: ConditionView, paint: Paint, width: number): string[] {
  const mark = one.state === 'met' ? paint.good('met  ') : paint.bad('unmet');
  const state = one.state === 'met' || one.state === 'unmet' ? mark : paint.warn(one.state);
  const own = one.shippedThreshold === null ? '' : ` (shipped: ${one.shippedThreshold})`;
  const room = { width, indent: 8, hanging: 2 };
  const [best] = one.evidence;
  return [
    `  ${state} ${paint.bold(one.id)}  E${one.grade}, needs E${one.neededGrade}; ${one.threshold}${own}`,
    ...paragraph(one.title, room),
    ...paragraph(one.reason, room),
    ...(best === undefined
      ? []
      : paragraph(
          `evidence ${best.id}, E${best.gradeNow} ${best.source}, until ${day(best.expiresAtMs)}: ${best.query}`,
          room,
        )),
    ...(one.state === 'met' ? [] : paragraph(`do: ${one.fix}`, room)),
  ];
}
