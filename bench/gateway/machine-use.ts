import { readFileSync } from 'node:fs';
import { treeOf } from './processes.ts';

/** CPU time so far, in clock ticks. */
interface Ticks {
  /** Of all processes and the kernel. */
  busy: number;
  /** Taken by the hypervisor for other guests. */
  stolen: number;
  total: number;
  /** Of this process and all that it started, those that have ended included. */
  ours: number;
}

/** Who used the machine during a run, as shares of its CPU time. */
export interface MachineUse {
  ours: number;
  /** Figures of a run beside others that compute are not to be trusted. */
  others: number;
  stolen: number;
}

/** Share of foreign work from which the report warns. */
export const DISTURBED = 0.05;

/** Starts watching; call the result at the end of the run. */
export function watchMachine(): () => MachineUse {
  const before = read();
  return () => {
    const after = read();
    const total = after.total - before.total;
    const ours = (after.ours - before.ours) / total;
    const busy = (after.busy - before.busy) / total;
    // Interrupts are booked to nobody or to whom they hit, so the rest may fall a little below zero.
    return {
      ours,
      others: Math.max(0, busy - ours),
      stolen: (after.stolen - before.stolen) / total,
    };
  };
}

/** The first line of /proc/stat (proc(5)): user nice system idle iowait irq softirq steal. */
function read(): Ticks {
  const [first = ''] = readFileSync('/proc/stat', 'utf8').split('\n', 1);
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, stolen = 0] =
    first.split(/ +/).slice(1).map(Number);
  const busy = user + nice + system + irq + softirq;
  const ours = treeOf(process.pid).reduce((sum, pid) => sum + ticksOf(pid), 0);
  return { busy, stolen, total: busy + idle + iowait + stolen, ours };
}

/** Fields 14 to 17 of /proc/PID/stat: own user and system time, and that of children waited for. */
function ticksOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  } catch {
    return 0;
  }
}
