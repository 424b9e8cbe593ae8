import type { CardState, LookPart } from './cluster-look.ts';

/**
 * Cards of one subject that did the same from one look at a cluster until it changed. `looked`: all cards of the
 * cluster, over the time in which its state is known.
 */
export interface ClusterSpell extends Omit<LookPart, 'state'> {
  cluster: string;
  state: CardState | 'looked';
  fromMs: number;
  toMs: number;
}
