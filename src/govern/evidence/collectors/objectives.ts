import type { ServiceConfig } from '../../../config/schema.ts';
import { serviceCollector, type Observation } from '../collector.ts';
import { enginesOf, isSimulated, type Facts } from '../facts.ts';

/** A fact of the configuration in force: it is read now, whole. */
function configured(
  facts: Facts,
  service: ServiceConfig,
  is: boolean,
  statement: string,
): Observation {
  const simulated = isSimulated(service, facts.config);
  return { value: is ? 1 : 0, coverage: 1, simulated, statement };
}

const hasLatencyObjective = ({ slo }: ServiceConfig): boolean =>
  [slo.ttftMs, slo.tpotMs, slo.e2eMs].some((one) => (one?.p95 ?? one?.p99) !== undefined);

/** The service has a p95 or p99 objective. */
export const latencyObjectives = serviceCollector(
  { id: 'latency-objectives', source: 'config', query: '/api/v1/services', combine: 'share' },
  async (facts, _window, service) => {
    const is = hasLatencyObjective(service);
    const words = is ? 'a latency objective is set.' : 'no latency objective is set.';
    return configured(facts, service, is, words);
  },
);

/** The service has an availability objective. */
export const availabilityObjectives = serviceCollector(
  { id: 'availability-objectives', source: 'config', query: '/api/v1/services', combine: 'share' },
  async (facts, _window, service) => {
    const { availability } = service.slo;
    const words =
      availability === undefined
        ? 'no availability objective is set.'
        : `availability objective ${availability * 100} %.`;
    return configured(facts, service, availability !== undefined, words);
  },
);

/** The service has a second engine, in its route or as its fallback. */
export const fallbackConfigured = serviceCollector(
  { id: 'fallback-configured', source: 'config', query: '/api/v1/config', combine: 'share' },
  async (facts, _window, service) => {
    const engines = enginesOf(service, facts.config).map((engine) => engine.name);
    const words = engines.length > 1 ? `served by ${engines.join(', ')}.` : 'served by one engine.';
    return configured(facts, service, engines.length > 1, words);
  },
);

/** The service has a route that no other has, and an objective. Limits and a queue every route has. */
export const separateQueues = serviceCollector(
  { id: 'separate-queues', source: 'config', query: '/api/v1/config', combine: 'share' },
  async (facts, _window, service) => {
    const others = facts.config.services.filter(
      (one) => one.route === service.route && one.name !== service.name,
    );
    const hasObjective = hasLatencyObjective(service) || service.slo.availability !== undefined;
    const shared = others.map((one) => one.name).join(', ');
    const words =
      others.length > 0
        ? `shares the route ${service.route} with ${shared}.`
        : `has the route ${service.route} alone, ${hasObjective ? 'with' : 'without'} an objective.`;
    return configured(facts, service, others.length === 0 && hasObjective, words);
  },
);
