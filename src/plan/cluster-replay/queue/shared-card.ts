import type { ClusterPod } from '../../../records/cluster-trace/cluster-pod.ts';
import { CARD_MILLI } from '../cluster-state.ts';
import type { QueuePolicy } from './queue-policy.ts';

/**
 * Capacity that a MIG slice takes of a card, in thousandths: 1, 2, 3, 4 or 7 of 7 compute slices
 * (NVIDIA MIG User Guide, profiles of A100 and H100). Rounded down, so that 4+3 and 2+2+2+1 fit.
 * Memory slices are not modelled: 3+3+1 is taken to fit, which the hardware refuses.
 */
const MIG_SLICES_MILLI = [142, 285, 428, 571, CARD_MILLI];

/** A request for a part of a card as the cluster can grant it. Interference is not modelled. */
export function sharedCard(pod: ClusterPod, sharing: QueuePolicy['sharing']): ClusterPod {
  const isShare = pod.gpuCount === 1 && pod.gpuMilli < CARD_MILLI;
  if (!isShare || sharing === 'as-asked') return pod;
  if (sharing === 'whole-cards') return { ...pod, gpuMilli: CARD_MILLI };
  // A slice of k sevenths really has k/7 of the card: 143 thousandths still fit a slice of 142.
  const slice = MIG_SLICES_MILLI.find((milli) => pod.gpuMilli <= milli + 1) ?? CARD_MILLI;
  return { ...pod, gpuMilli: slice };
}
