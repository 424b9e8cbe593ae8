import type {
  Finding,
  TimeAccount,
  TimeTree,
  WhyReport,
} from '../measure/bottleneck/why-report.ts';
import { duration, instant, plain, share, usd } from './answer-units.ts';

const GROUP_TITLES = {
  'not-allocated': 'not allocated',
  idle: 'allocated but idle',
  'held-down': 'active but held down',
  useful: 'useful',
  unexplained: 'unexplained',
} as const;
/** Losses that are spelled out; the rest is in the tree. */
const MAX_FINDINGS = 5;
const BAR = 24;

/** Losses by money first, then the tree of each business with a bar per cause. Pure. */
export function renderWhy(report: WhyReport, columns: number): string {
  const span = duration(report.toMs - report.fromMs);
  const simulated = report.simulated === 'none' ? '' : `, ${report.simulated} of it simulated`;
  const lines = [
    `${span} until ${instant(report.toMs)}${simulated}`,
    '',
    ...wrapped(plain(report.sentence), columns),
    ...report.findings.slice(0, MAX_FINDINGS).flatMap((one, i) => findingLines(one, i, columns)),
    ...report.trees.flatMap((tree) => treeLines(tree, columns)),
    ...report.accounts.flatMap(metricLines),
  ];
  const missing = [...report.trees.flatMap((tree) => tree.missing), ...report.unknown];
  if (missing.length > 0) lines.push('');
  for (const one of new Set(missing)) lines.push(`unknown: ${plain(one)}`);
  return `${lines.join('\n')}\n`;
}

function findingLines(one: Finding, index: number, columns: number): string[] {
  const gain =
    one.gain.usdPerDay === null
      ? 'not known'
      : `${usd(one.gain.usdPerDay)}/day${one.gain.speedup === null ? '' : `, ${one.gain.speedup.toFixed(2)}x as fast`} (${one.gain.by})`;
  return [
    '',
    `${index + 1}. ${plain(one.subject)}: ${one.rule}, ${share(one.share)}, ${usd(one.usdPerDay)}/day, confidence ${one.confidence}`,
    ...wrapped(plain(one.explanation), columns, '   '),
    ...wrapped(`fix: ${plain(one.fix)}`, columns, '   '),
    `   gain: ${gain}`,
    ...one.evidence.flatMap((line) => wrapped(`evidence: ${plain(line)}`, columns, '   ')),
  ];
}

function treeLines(tree: TimeTree, columns: number): string[] {
  const hours = `${Number(tree.acceleratorHours.toPrecision(4))} accelerator-hours, ${usd(tree.usd)}`;
  const groups = Object.entries(GROUP_TITLES).flatMap(([group, title]) => {
    const leaves = tree.leaves.filter((leaf) => leaf.group === group);
    if (leaves.length === 0) return [];
    const whole = leaves.reduce((sum, leaf) => sum + leaf.share, 0);
    const head = row(title, whole, sumUsd(leaves.map((leaf) => leaf.usd)), '');
    if (leaves.length === 1 && leaves[0]?.cause === group) return [head];
    return [head].concat(leaves.map((leaf) => row(leaf.cause, leaf.share, leaf.usd, '  ')));
  });
  const why = tree.leaves.find((leaf) => leaf.cause === 'unexplained')?.evidence ?? [];
  const reasons = why.flatMap((line) => wrapped(plain(line), columns, '    ? '));
  return ['', `${tree.business}: ${hours}`, ...groups, ...reasons];
}

function row(title: string, part: number, money: number | null, indent: string): string {
  const bar = '#'.repeat(Math.round(Math.min(1, part) * BAR));
  return `  ${(indent + title).padEnd(24)}${share(part, 1).padStart(8)}  ${usd(money).padStart(12)}  ${bar}`.trimEnd();
}

const sumUsd = (all: ReadonlyArray<number | null>): number | null =>
  all.reduce<number | null>((sum, one) => (sum === null || one === null ? null : sum + one), 0);

/** The published ratios, where any is known. */
function metricLines({ subject, metrics }: TimeAccount): string[] {
  const { goodput } = metrics;
  const shown: Array<[string, number | null]> = [
    ['SM active', metrics.smActiveShare],
    ['tensor active', metrics.tensorActiveShare],
    ['DRAM active', metrics.dramActiveShare],
    ['MFU', metrics.modelFlopsUtilization],
    ['HFU', metrics.hardwareFlopsUtilization],
    ['AU', metrics.acceleratorUtilization],
    ['scheduling goodput', goodput?.scheduling ?? null],
    ['runtime goodput', goodput?.runtime ?? null],
    ['program goodput', goodput?.program ?? null],
  ];
  const known = shown.filter(([, value]) => value !== null);
  if (known.length === 0) return [];
  const text = known.map(([name, value]) => `${name} ${share(value)}`).join(', ');
  const position = metrics.rooflinePosition === null ? '' : `, ${metrics.rooflinePosition}`;
  return ['', `${plain(subject)}: ${text}${position}`];
}

/** Words on lines of at most `columns`, each after `indent`. */
function wrapped(text: string, columns: number, indent = ''): string[] {
  const width = Math.max(40, columns) - indent.length;
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(indent + line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, indent + line];
}
