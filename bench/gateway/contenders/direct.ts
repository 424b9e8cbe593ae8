import type { Contender } from './contender.ts';

/** No gateway: the upstream itself, against which added latency is counted. */
export const direct: Contender = {
  name: 'direct',
  does: 'no gateway',
  start: async ({ upstreamPort }) => ({
    endpoint: { port: upstreamPort, path: '/v1/chat/completions', headers: {} },
    processes: () => ({ serve: [], ledger: [] }),
    stop: async () => {},
  }),
};
