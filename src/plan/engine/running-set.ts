import type { KvCache } from './kv-cache.ts';
import type { Sequence } from './scheduler.ts';

/** The sequences that hold a place in the batch, in order of admission. */
export interface RunningSet {
  readonly size: number;
  at(index: number): Sequence | undefined;
  add(sequence: Sequence): void;
  /** Takes out the one that gives way: the last, or the last of the lowest priority. */
  takeVictim(): Sequence | undefined;
  /** Takes out those that no longer run. */
  dropEnded(): void;
  /** Decode steps in which nobody ends and blocks suffice, so that each is like the one before. */
  calmSteps(kv: KvCache): number;
  /** Moves everyone on by that many decode steps, taking blocks in the order of single steps. */
  advance(kv: KvCache, steps: number): void;
}

export function createRunningSet(order: 'fcfs' | 'priority'): RunningSet {
  let running: Sequence[] = [];

  const victimAt = (): number => {
    let worst = running.length - 1;
    if (order === 'fcfs') return worst;
    for (let i = running.length - 2; i >= 0; i -= 1) {
      const one = running[i];
      const other = running[worst];
      if (one === undefined || other === undefined) break;
      if (one.priority > other.priority) worst = i;
      else if (one.priority === other.priority && one.id > other.id) worst = i;
    }
    return worst;
  };

  return {
    get size() {
      return running.length;
    },
    at: (index) => running[index],
    add(sequence) {
      running.push(sequence);
    },
    takeVictim: () => (running.length === 0 ? undefined : running.splice(victimAt(), 1)[0]),
    dropEnded() {
      running = running.filter((one) => one.state === 'running');
    },
    calmSteps(kv) {
      let steps = Number.POSITIVE_INFINITY;
      for (const { outputTokens, generated, pending } of running) {
        // The step that generates the last token is left to the ordinary way.
        steps = Math.min(steps, outputTokens - generated - pending - 1);
      }
      if (!(steps > 0 && Number.isFinite(steps))) return 0;
      const free = kv.total - kv.used();
      const needed = (ahead: number): number => {
        let blocks = 0;
        for (const one of running) {
          blocks += Math.ceil((one.computed + ahead) / kv.blockTokens) - one.blocks;
        }
        return blocks;
      };
      while (steps > 0 && needed(steps) > free) steps = Math.floor(steps / 2);
      return steps;
    },
    advance(kv, steps) {
      const growth: Array<{ step: number; order: number; sequence: Sequence }> = [];
      for (const [i, sequence] of running.entries()) {
        const { blocks, computed } = sequence;
        const first = blocks * kv.blockTokens - computed + 1;
        for (let step = first; step <= steps; step += kv.blockTokens) {
          growth.push({ step, order: i, sequence });
        }
      }
      growth.sort((a, b) => a.step - b.step || a.order - b.order);
      for (const { step, sequence } of growth) kv.grow(sequence, sequence.computed + step);
      for (const sequence of running) {
        sequence.computed += steps;
        sequence.generated += steps;
      }
    },
  };
}
