import { checkpoint } from './checkpoint.ts';
import { communication } from './communication.ts';
import { dataStall } from './data-stall.ts';
import { evaluation } from './evaluation.ts';
import { failed } from './failed.ts';
import { fragmentation } from './fragmentation.ts';
import { hostCpu } from './host-cpu.ts';
import { kvFull } from './kv-full.ts';
import { leftOn } from './left-on.ts';
import { loading } from './loading.ts';
import { lowOccupancy } from './low-occupancy.ts';
import { maintenance } from './maintenance.ts';
import { memoryBandwidth } from './memory-bandwidth.ts';
import { network } from './network.ts';
import { noDemand } from './no-demand.ts';
import { padding } from './padding.ts';
import { pipelineBubble } from './pipeline-bubble.ts';
import { queuePolicy } from './queue-policy.ts';
import { quota } from './quota.ts';
import type { Rule } from './rule.ts';
import { smallBatch } from './small-batch.ts';
import { starting } from './starting.ts';
import { throttled } from './throttled.ts';

/** Every rule, one for each loss; what they find is ranked by money, not by this order. */
export const rules: readonly Rule[] = [
  noDemand,
  quota,
  fragmentation,
  queuePolicy,
  maintenance,
  failed,
  starting,
  loading,
  leftOn,
  checkpoint,
  evaluation,
  dataStall,
  hostCpu,
  network,
  throttled,
  pipelineBubble,
  communication,
  padding,
  kvFull,
  smallBatch,
  memoryBandwidth,
  lowOccupancy,
];
