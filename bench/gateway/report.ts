import { textTable } from '../../src/cli/text-table.ts';
import type { Verdict } from './budgets.ts';
import { DISTURBED, type MachineUse } from './machine-use.ts';

/** Figures over the rounds. */
export interface Spread {
  median: number;
  min: number;
  max: number;
}

/** Case, contender, metric. */
export type Results = Record<string, Record<string, Record<string, Spread>>>;

export interface Report {
  date: string;
  machine: { cpu: string; cpus: number; memoryGib: number; kernel: string; node: string };
  pinned: { contenders: string | null; client: string | null };
  /** Who used the CPUs meanwhile. */
  machineUse: MachineUse;
  rounds: number;
  seconds: number;
  cases: Record<string, string>;
  contenders: Record<string, string>;
  results: Results;
  /** Contender and why it was not run. */
  notRun: Record<string, string>;
  verdicts: Verdict[];
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  const lower = sorted.length % 2 === 0 ? (sorted[middle - 1] ?? upper) : upper;
  return {
    median: (upper + lower) / 2,
    min: sorted[0] ?? Number.NaN,
    max: sorted.at(-1) ?? Number.NaN,
  };
}

export function renderReport(report: Report): string {
  const { machine, pinned } = report;
  const parts = [
    `${report.date}, ${machine.cpu}, ${machine.cpus} CPUs, ${machine.memoryGib} GiB, ` +
      `Linux ${machine.kernel}, Node ${machine.node}`,
    `${report.rounds} interleaved rounds of ${report.seconds} s; contenders on CPU ` +
      `${pinned.contenders ?? 'any'}, client and upstream on CPU ${pinned.client ?? 'any'}; median [min, max]`,
  ];
  parts.push(useLine(report.machineUse));
  for (const [name, byContender] of Object.entries(report.results)) {
    parts.push(`\n${name}: ${report.cases[name] ?? ''}\n${caseTable(byContender)}`);
  }
  for (const [name, reason] of Object.entries(report.notRun)) {
    parts.push(`not run: ${name}: ${reason}`);
  }
  const rows = report.verdicts.map((one) => [
    one.met === null ? 'not run' : one.met ? 'met' : 'MISSED',
    one.value === null ? '-' : figure(one.value),
    String(one.max),
    one.goal === null ? '' : String(one.goal),
    one.of === 'best' ? `${one.what} (best round)` : one.what,
  ]);
  parts.push(`\n${textTable(['budget', 'value', 'bound', 'goal', 'what'], rows)}`);
  return `${parts.join('\n')}\n`;
}

function useLine({ others, stolen }: MachineUse): string {
  const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
  const line = `others used ${percent(others)} of the CPUs meanwhile, the hypervisor ${percent(stolen)}`;
  const isDisturbed = others + stolen > DISTURBED;
  return isDisturbed ? `DISTURBED: ${line}; latencies here say little` : line;
}

function caseTable(byContender: Record<string, Record<string, Spread>>): string {
  const metrics = [...new Set(Object.values(byContender).flatMap((one) => Object.keys(one)))];
  const rows = Object.entries(byContender).map(([contender, spreads]) =>
    [contender].concat(metrics.map((metric) => cell(spreads[metric]))),
  );
  return textTable(['', ...metrics], rows);
}

function cell(spread: Spread | undefined): string {
  if (spread === undefined) return '';
  const { median, min, max } = spread;
  if (min === max) return figure(median);
  return `${figure(median)} [${figure(min)}, ${figure(max)}]`;
}

const figure = (value: number): string =>
  Math.abs(value) >= 1000 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
