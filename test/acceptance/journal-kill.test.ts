import { it } from 'vitest';
import { chaosSeed, killAndReconcile } from '../chaos/kill-and-reconcile.ts';

const kills = 50;

it(`loses and duplicates nothing over ${kills} kills (TAILRACE_CHAOS_SEED=${chaosSeed})`, async () => {
  await killAndReconcile(kills, chaosSeed);
});
