import type { Collector } from '../collector.ts';

/** There are keys that may administer and keys that may not. */
export const separateRoles: Collector = {
  id: 'separate-roles',
  source: 'keys',
  query: 'tailrace keys list',
  async organisation(facts) {
    const active = facts.sources.keys().filter((key) => key.revokedAtMs === null);
    const all = [...active, ...facts.config.keys];
    const admins = all.filter((key) => key.admin).length;
    const others = all.length - admins;
    return {
      value: admins > 0 && others > 0 ? 1 : 0,
      coverage: 1,
      simulated: false,
      statement: `${admins} keys may administer, ${others} may not.`,
    };
  },
};
