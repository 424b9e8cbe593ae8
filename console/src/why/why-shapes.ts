import type { ReplyOf } from '../api/get.ts';
import { formatShare, formatUsd } from '../format.ts';

export type Why = ReplyOf<'why'>;
export type Tree = Why['trees'][number];
export type Leaf = Tree['leaves'][number];
export type Account = Why['accounts'][number];
export type Finding = Why['findings'][number];

/** The four parts of the time that is paid for, and what no evidence explains, in the order of the tree. */
export const GROUPS: ReadonlyArray<{ id: Leaf['group']; label: string; colour: string }> = [
  { id: 'not-allocated', label: 'Not allocated', colour: 'var(--c-slate)' },
  { id: 'idle', label: 'Allocated, idle', colour: 'var(--c-red)' },
  { id: 'held-down', label: 'Active, held down', colour: 'var(--c-amber)' },
  { id: 'useful', label: 'Useful', colour: 'var(--c-green)' },
  { id: 'unexplained', label: 'Unexplained', colour: 'var(--c-empty)' },
];

export const BUSINESS: Record<Tree['business'], string> = {
  inference: 'Inference',
  training: 'Training',
  shared: 'Held by nobody',
};

/** `data-stall` as words. */
export const causeWords = (cause: string): string => {
  const words = cause.replaceAll('-', ' ');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
};

/** `40.0 %, $12.30` */
export const shareAndMoney = (share: number, usd: number | null): string =>
  `${formatShare(share)}, ${usd === null ? 'money unknown' : formatUsd(usd)}`;
