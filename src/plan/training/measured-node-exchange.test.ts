import { describe, expect, it } from 'vitest';
import { measuredNodeExchange } from './measured-node-exchange.ts';

describe('measuredNodeExchange', () => {
  it('moves large buffers at most at the speed of the link, and at a fair part of it', () => {
    const node = measuredNodeExchange('h100-sxm', 450);
    const bytes = 256e6;
    const busGbPerS = (bytes * ((2 * 7) / 8)) / node.allReduceS(8, bytes) / 1e9;
    expect(busGbPerS).toBeGreaterThan(200);
    expect(busGbPerS).toBeLessThan(480);
  });

  it('answers for an accelerator without tables, by its link, and takes no time alone', () => {
    const fast = measuredNodeExchange('new-one', 900);
    const slow = measuredNodeExchange('new-one', 100);
    expect(fast.halfReduceS(8, 1e9)).toBeLessThan(slow.halfReduceS(8, 1e9));
    expect(slow.allToAllS(1, 1e9)).toBe(0);
  });
});
