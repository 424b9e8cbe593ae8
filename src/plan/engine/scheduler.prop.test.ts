import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createContinuousBatching, type SchedulerLimits } from './continuous-batching.ts';
import type { Scheduler, Sequence } from './scheduler.ts';

const limits = fc.record({
  maxSequences: fc.integer({ min: 1, max: 12 }),
  maxBatchedTokens: fc.integer({ min: 16, max: 300 }),
  kvBlocks: fc.integer({ min: 1, max: 40 }),
  maxContext: fc.constant(10_000),
  maxWaiting: fc.integer({ min: 1, max: 50 }),
});

const request = fc.record({
  promptTokens: fc.integer({ min: 0, max: 400 }),
  outputTokens: fc.integer({ min: 0, max: 60 }),
});

/** Arrivals between steps, and removals of the k-th sequence added. */
const script = fc.array(
  fc.record({
    arrivals: fc.array(request, { maxLength: 4 }),
    removals: fc.array(fc.nat(30), { maxLength: 2 }),
  }),
  { maxLength: 30 },
);

/** Every form of scheduler runs under the same rules. */
const forms: Array<[string, (limits: SchedulerLimits) => Scheduler]> = [
  ['continuous batching', createContinuousBatching],
  ['prefix cache', (limits) => createContinuousBatching(limits, { prefixCaching: true })],
  ['whole prompts', (limits) => createContinuousBatching(limits, { admission: 'sequence' })],
  ['no eviction', (limits) => createContinuousBatching(limits, { admission: 'request' })],
  ['prompts first', (limits) => createContinuousBatching(limits, { mixing: 'prefill-first' })],
  ['priorities', (limits) => createContinuousBatching(limits, { order: 'priority' })],
];

/** As expect, but cheap: a script makes tens of thousands of checks. */
function must(holds: boolean, rule: string): void {
  if (!holds) throw new Error(rule);
}

function checkStep(scheduler: Scheduler, size: SchedulerLimits, live: Set<Sequence>): boolean {
  const plan = scheduler.schedule();
  const counts = scheduler.counts();
  must(counts.kvBlocksUsed <= size.kvBlocks, 'no more blocks than there are');
  must(counts.running <= size.maxSequences, 'no more sequences than there are places');
  let blocks = 0;
  for (const one of live) {
    blocks += one.blocks;
    must(one.state !== 'waiting' || one.blocks === 0, 'who waits holds no blocks');
  }
  must(counts.kvBlocksUsed === blocks, 'blocks in use are those that sequences hold');
  if (plan === null) return false;
  must(plan.tokens <= size.maxBatchedTokens, 'no more tokens than the budget');
  let tokens = 0;
  for (const { sequence, newTokens, contextTokens } of plan.slots) {
    const end = contextTokens + newTokens;
    tokens += newTokens;
    must(newTokens > 0, 'a slot has work');
    must(end === sequence.computed, 'a slot goes on where the cache ends');
    must(sequence.blocks * 16 >= end, 'every token has its block');
    const known = sequence.promptTokens + sequence.generated + sequence.pending;
    must(end <= known, 'nothing is computed that is not known');
  }
  must(tokens === plan.tokens, 'tokens add up');
  const distinct = new Set(plan.slots.map((slot) => slot.sequence)).size;
  must(distinct === plan.slots.length, 'a sequence has one slot');
  for (const { outputTokens, generated } of scheduler.commit(plan).finished) {
    must(generated === outputTokens, 'who finishes has all its tokens');
  }
  return true;
}

describe.each(forms)('%s', (_name, create) => {
  it('never over-commits, plans what is lacking, finishes everyone and frees everything', () => {
    fc.assert(
      fc.property(limits, script, (size, ticks) => {
        const scheduler = create(size);
        const all: Sequence[] = [];
        const live = new Set<Sequence>();
        for (const { arrivals, removals } of ticks) {
          for (const one of arrivals) {
            const added = scheduler.add(one);
            if (typeof added === 'string') continue;
            all.push(added);
            live.add(added);
          }
          for (const k of removals) {
            const gone = all[k];
            if (gone !== undefined) scheduler.remove(gone);
          }
          checkStep(scheduler, size, live);
        }
        const work = all.reduce((sum, one) => sum + one.promptTokens + one.outputTokens + 1, 0);
        // Each preemption costs at most one recomputation, and the oldest always advances.
        let steps = (all.length + 1) * (work + 1);
        while (checkStep(scheduler, size, live) && steps > 0) steps -= 1;
        for (const one of all) expect(['finished', 'removed']).toContain(one.state);
        expect(scheduler.counts()).toEqual({
          running: 0,
          waiting: 0,
          kvBlocksUsed: 0,
          kvBlocksTotal: size.kvBlocks,
        });
      }),
    );
  });

  it('starves nobody: first tokens come in order of arrival among equals', () => {
    const same = fc.record({
      promptTokens: fc.integer({ min: 1, max: 100 }),
      outputTokens: fc.integer({ min: 1, max: 40 }),
    });
    fc.assert(
      fc.property(limits, same, fc.integer({ min: 2, max: 20 }), (size, one, count) => {
        const scheduler = create({ ...size, maxWaiting: 50 });
        const order: number[] = [];
        for (let i = 0; i < count; i += 1) scheduler.add(one);
        for (let plan = scheduler.schedule(); plan !== null; plan = scheduler.schedule()) {
          for (const { id, generated } of scheduler.commit(plan).sampled) {
            if (generated === 1) order.push(id);
          }
        }
        expect(order).toEqual([...order].sort((a, b) => a - b));
      }),
    );
  });

  it('refuses what could never run, and what would overfill the queue', () => {
    const size = {
      maxSequences: 1,
      maxBatchedTokens: 16,
      kvBlocks: 4,
      maxContext: 50,
      maxWaiting: 1,
    };
    const scheduler = create(size);
    expect(scheduler.maxTokens).toBe(50);
    expect(scheduler.add({ promptTokens: 0, outputTokens: 1 })).toBe('empty-prompt');
    expect(scheduler.add({ promptTokens: 50, outputTokens: 1 })).toBe('too-long');
    expect(scheduler.add({ promptTokens: 49, outputTokens: 1 })).toMatchObject({ id: 0 });
    expect(scheduler.add({ promptTokens: 1, outputTokens: 1 })).toBe('queue-full');
  });
});

describe('continuous batching in detail', () => {
  const size = {
    maxSequences: 4,
    maxBatchedTokens: 32,
    kvBlocks: 4,
    maxContext: 1000,
    maxWaiting: 10,
  };

  it('cuts a long prompt into chunks that share the budget with decodes', () => {
    const scheduler = createContinuousBatching({ ...size, kvBlocks: 100 });
    scheduler.add({ promptTokens: 10, outputTokens: 5 });
    scheduler.add({ promptTokens: 50, outputTokens: 5 });
    const chunks: number[][] = [];
    for (let i = 0; i < 3; i += 1) {
      const plan = scheduler.schedule();
      if (plan === null) throw new Error('nothing to run');
      chunks.push(plan.slots.map((slot) => slot.newTokens));
      scheduler.commit(plan);
    }
    expect(chunks).toEqual([
      [10, 22],
      [1, 28],
      [1, 1],
    ]);
  });

  it('preempts the last comer when blocks run out, and lets it recompute its tokens', () => {
    const scheduler = createContinuousBatching(size);
    const first = scheduler.add({ promptTokens: 16, outputTokens: 40 });
    const second = scheduler.add({ promptTokens: 16, outputTokens: 40 });
    if (typeof first === 'string' || typeof second === 'string') throw new Error('refused');
    const generatedAtPreemption: number[] = [];
    for (let plan = scheduler.schedule(); plan !== null; plan = scheduler.schedule()) {
      if (plan.preempted > 0) {
        generatedAtPreemption.push(second.generated);
        expect(second).toMatchObject({ computed: 0, blocks: 0, state: 'waiting' });
      }
      scheduler.commit(plan);
    }
    // Two blocks each hold 32 tokens; the 18th output token of each needs a third block.
    expect(generatedAtPreemption[0]).toBe(17);
    expect(first.preemptions).toBe(0);
    expect(second.preemptions).toBeGreaterThan(0);
    expect([first.generated, second.generated]).toEqual([40, 40]);
  });
});
