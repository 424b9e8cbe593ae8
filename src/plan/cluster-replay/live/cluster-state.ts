import type { ClusterLook } from '../../../measure/bottleneck/cluster/cluster-look.ts';
import type { ClusterCheck } from './find-waste.ts';
import type { Waiter } from './waiters.ts';

/** The newest that is known of one configured cluster. */
export interface ClusterState {
  name: string;
  kind: 'kubernetes' | 'slurm';
  intervalMs: number;
  usdPerCardHour: number | null;
  /** Whether the last look succeeded. */
  up: boolean;
  lastReadMs: number | null;
  lastError: { code: string; message: string; atMs: number } | null;
  /** Null until it was read once. */
  check: ClusterCheck | null;
  look: ClusterLook | null;
  waiters: Waiter[];
}
