import type { ActionView, RoadmapView } from './roadmap-view.ts';

const iso = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
const isOpen = ({ state }: ActionView): boolean => state !== 'closed';

/** Text in one line of a table: no line ends, and nothing that Markdown or HTML would take for its own. */
const plain = (text: string): string =>
  text.replaceAll(/[\r\n]+/g, ' ').replaceAll(/[\\|<>`*_[\]]/g, (mark) => `\\${mark}`);

const usd = (value: number | null): string =>
  value === null ? 'unknown' : `$${Math.round(value).toLocaleString('en-US')}`;

/** A roadmap as Markdown: 30, 60 and 90 days, then what closed. */
export function toMarkdown(view: RoadmapView): string {
  const open = view.actions.filter(isOpen);
  const closed = view.actions.filter((one) => !isOpen(one));
  const of = view.service === null ? 'the organisation' : `the service ${plain(view.service)}`;
  const who = view.role === null ? '' : `, role ${view.role}`;
  const lines = [`# Roadmap of ${of}${who}`, '', `As of ${iso(view.generatedAtMs)}.`, ''];
  for (const period of [30, 60, 90]) {
    const mine = open.filter((one) => one.period === period);
    lines.push(`## ${period} days`, '');
    if (mine.length === 0) lines.push('Nothing is due.', '');
    else lines.push(...table(mine), '');
  }
  lines.push('## Closed', '');
  if (closed.length === 0) lines.push('Nothing has closed yet.');
  for (const one of closed) lines.push(`- ${plain(one.title)} (${iso(one.sinceMs)})`);
  return `${lines.join('\n')}\n`;
}

function table(actions: readonly ActionView[]): string[] {
  return [
    '| due | action | what to do | owner | days | points | spend exposed | state | proof |',
    '|---|---|---|---|---:|---:|---:|---|---|',
    ...actions.map((one) => {
      const wait = one.blockedBy === null ? '' : ` Not yet: needs ${one.blockedBy}.`;
      const cells = [
        iso(one.dueAtMs),
        plain(one.title),
        plain(one.fix + wait),
        plain(one.owner),
        String(one.effortDays),
        one.points.toFixed(2),
        usd(one.exposedUsd),
        one.state,
        plain(one.proof),
      ];
      return `| ${cells.join(' | ')} |`;
    }),
  ];
}
