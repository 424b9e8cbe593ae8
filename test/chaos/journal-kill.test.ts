import { it } from 'vitest';
import { chaosSeed, killAndReconcile } from './kill-and-reconcile.ts';

// More of them in test/acceptance.
const kills = 16;

it(`loses and duplicates nothing over ${kills} kills (TAILRACE_CHAOS_SEED=${chaosSeed})`, async () => {
  await killAndReconcile(kills, chaosSeed);
}, 120_000);
