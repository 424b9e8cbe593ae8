import { isOpen, type ActionView, type RoadmapView } from '../roadmap/roadmap-view.ts';
import { escapeHtml } from './escape-html.ts';
import { radarSvg } from './radar-svg.ts';
import { reportStyle } from './report-style.ts';
import type { CategoryView, ConditionView, ScoreView } from './score-view.ts';

/** Actions on the summary page. */
const FIRST_ACTIONS = 5;

const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
const usd = (value: number | null): string =>
  value === null ? 'unknown' : `$${Math.round(value).toLocaleString('en-US')}`;
const percent = (share: number | null): string =>
  share === null ? 'unknown' : `${Math.round(share * 100)} %`;

/**
 * The scorecard as one HTML file that needs nothing else and prints on A4: a summary for a board, then every
 * condition with its evidence, then the roadmap. Everything that people wrote is escaped.
 */
export function renderReport(score: ScoreView, roadmap: RoadmapView): string {
  const of = score.service === null ? 'the organisation' : `the service ${score.service}`;
  const title = escapeHtml(`AI infrastructure scorecard of ${of}`);
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${title}</title><style>${reportStyle}</style></head><body>`,
    summary(score, roadmap, title),
    '<section class="detail"><h1>Conditions and evidence</h1>',
    ...score.categories.map(categorySection),
    '</section>',
    '<section class="detail"><h1>Roadmap</h1>',
    ...[30, 60, 90].map((period) => periodSection(period, roadmap)),
    '</section></body></html>',
  ].join('\n');
}

function summary(score: ScoreView, roadmap: RoadmapView, title: string): string {
  const open = roadmap.actions.filter((one) => isOpen(one) && one.blockedBy === null);
  const late = score.late.filter((one) => one.state !== 'fine');
  const simulated = score.spendSimulated ? ', in part of simulated engines' : '';
  return [
    `<h1>${title}</h1>`,
    `<p class="dim">As of ${day(score.generatedAtMs)}. Spend of the last 30 days: ${usd(score.spendUsd)}${simulated}.</p>`,
    '<div class="lead"><div>',
    `<div class="score">${score.proven}<small> of ${score.outOf} proven</small></div>`,
    `<p>Claimed: ${score.claimed}. With simulated engines: ${score.simulated}.</p>`,
    `<p class="reading">${escapeHtml(score.readingText)}</p>`,
    `</div><div>${radarSvg(score.categories)}</div></div>`,
    categoryTable(score.categories),
    '<h2>What makes us late</h2>',
    late.length === 0
      ? '<p>None of the nine checks is open.</p>'
      : `<table><tbody>${late.map(lateRow).join('')}</tbody></table>`,
    '<h2>First actions</h2>',
    actionTable(open.slice(0, FIRST_ACTIONS)),
    '<h2>Three questions for each service</h2>',
    questionTable(score),
  ].join('\n');
}

const cell = (text: string, kind = ''): string =>
  `<td${kind === '' ? '' : ` class="${kind}"`}>${escapeHtml(text)}</td>`;

function headed(heads: ReadonlyArray<[text: string, kind?: string]>, rows: string[]): string {
  const head = heads
    .map(([text, kind]) => `<th${kind === undefined ? '' : ` class="${kind}"`}>${text}</th>`)
    .join('');
  return `<table><thead><tr>${head}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

const categoryTable = (categories: readonly CategoryView[]): string =>
  headed(
    [
      ['#', 'n'],
      ['category'],
      ['claimed', 'n'],
      ['proven', 'n'],
      ['simulated', 'n'],
      ['spend', 'n'],
      [''],
    ],
    categories.map(
      (one) =>
        `<tr>${cell(String(one.number), 'n')}${cell(one.name)}${cell(String(one.claimed), 'n')}` +
        `${cell(String(one.proven), 'n')}${cell(String(one.simulated), 'n')}` +
        cell(percent(one.spendShare), 'n') +
        `${cell(one.flagged ? 'at 0 with over 10 % of spend' : '', 'bad')}</tr>`,
    ),
  );

const lateRow = (one: ScoreView['late'][number]): string =>
  `<tr>${cell(one.state, one.state === 'late' ? 'bad k' : 'k')}${cell(one.title)}${cell(one.fix)}</tr>`;

function questionTable({ redFlagTest }: ScoreView): string {
  const rows = redFlagTest.flatMap(({ service, simulated, questions }) =>
    questions.map(
      (one) =>
        `<tr>${cell(simulated ? `${service} (simulated)` : service)}${cell(one.text)}` +
        cell(one.answered ? 'answered' : 'red flag', one.answered ? 'good k' : 'bad k') +
        `${cell(one.answered ? one.answer : one.flags.join(' '))}</tr>`,
    ),
  );
  return headed([['service'], ['question'], [''], ['answer']], rows);
}

function categorySection(one: CategoryView): string {
  const levels = ([1, 2] as const).map((level) => {
    const rows = one.conditions.filter((each) => each.level === level).map(conditionRow);
    const heads: Array<[string, string?]> = [
      ['state'],
      ['condition'],
      ['grade', 'n'],
      ['why'],
      ['evidence'],
    ];
    return `<h3>Level ${level}</h3>${headed(heads, rows)}`;
  });
  return [
    `<h2>${one.number} ${escapeHtml(one.name)}: ${one.proven} of 2</h2>`,
    one.proven === 0 ? `<p class="dim">0 means: ${escapeHtml(one.zero)}</p>` : '',
    ...levels,
  ].join('\n');
}

function conditionRow(one: ConditionView): string {
  const [best] = one.evidence;
  const mark = one.state === 'met' ? 'good' : one.state === 'unmet' ? 'bad' : 'dim';
  const own = one.shippedThreshold === null ? '' : ` (own bound; shipped: ${one.shippedThreshold})`;
  const bound = one.threshold === 'is so' ? '' : `: ${one.threshold}`;
  const evidence =
    best === undefined
      ? 'none'
      : `${best.source}, ${best.owner}, ${day(best.atMs)} to ${day(best.expiresAtMs)}: ${best.query}`;
  return (
    `<tr>${cell(one.state.replaceAll('-', ' '), mark)}` +
    cell(one.title + bound + own) +
    `${cell(`E${one.grade} / E${one.neededGrade}`, 'n')}${cell(one.reason)}${cell(evidence, 'dim')}</tr>`
  );
}

function periodSection(period: number, { actions }: RoadmapView): string {
  const mine = actions.filter((one) => one.period === period && one.state !== 'closed');
  const table = mine.length === 0 ? '<p>Nothing is due.</p>' : actionTable(mine);
  return `<h2>${period} days</h2>${table}`;
}

const actionTable = (actions: readonly ActionView[]): string =>
  headed(
    [
      ['due'],
      ['action'],
      ['what to do'],
      ['owner'],
      ['days', 'n'],
      ['points', 'n'],
      ['exposed', 'n'],
    ],
    actions.map((one) => {
      const wait = one.blockedBy === null ? '' : ` Not yet: needs ${one.blockedBy}.`;
      return (
        `<tr>${cell(day(one.dueAtMs), 'k')}${cell(one.title)}${cell(one.fix + wait)}` +
        `${cell(one.owner, 'k')}${cell(String(one.effortDays), 'n')}` +
        `${cell(one.points.toFixed(2), 'n')}${cell(usd(one.exposedUsd), 'n')}</tr>`
      );
    }),
  );
