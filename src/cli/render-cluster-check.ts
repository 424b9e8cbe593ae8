import type { ClusterCheck } from '../plan/cluster-replay/live/find-waste.ts';
import { count, instant, plain, share, usd } from './answer-units.ts';

/** A live cluster on one screen: how full, and each finding with its evidence and fix. Pure. */
export function renderClusterCheck(check: ClusterCheck): string {
  const { gpus, allocatedGpus, findings } = check;
  const lines = [
    `${plain(check.source)}, ${instant(check.takenAtMs)}: ${count(check.nodes)} nodes, ` +
      `${cards(gpus)}, ${share(gpus === 0 ? null : allocatedGpus / gpus)} allocated, ` +
      `${count(check.waiting)} waiting`,
    ...findings.flatMap((finding) => [
      '',
      `${finding.rule}  ${plain(finding.subject)}` +
        (finding.gpus === null ? '' : `  ${cards(finding.gpus)}`) +
        (finding.usdPerHour === null ? '' : `, ${usd(finding.usdPerHour)} an hour`),
      `  ${plain(finding.evidence)}${finding.confidence === 'low' ? ' (one reading)' : ''}`,
      `  fix: ${finding.fix}`,
    ]),
    ...(findings.length === 0 ? ['', 'nothing found that keeps accelerators from work'] : []),
    ...(check.unknown.length === 0 ? [] : ['', ...check.unknown.map((one) => `unknown: ${one}`)]),
  ];
  return `${lines.join('\n')}\n`;
}

function cards(value: number): string {
  const shown = Number(value.toFixed(2));
  return `${shown.toLocaleString('en-US')} card${shown === 1 ? '' : 's'}`;
}
