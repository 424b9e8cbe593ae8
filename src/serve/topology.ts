import type { Config, EngineConfig, RouteConfig } from '../config/schema.ts';
import { engineDialects } from './dialects/index.ts';
import type { Transport, TransportOptions } from './engines/transport.ts';
import { createRetryBudget } from './limits/retry-budget.ts';
import { RouteLimiter } from './limits/route-limiter.ts';
import { newHealth } from './routing/health.ts';
import type { EngineRuntime, RouteRuntime, ServiceRuntime } from './runtime.ts';

/** The configuration compiled for look-ups on the request path; replaced as a whole on reload. */
export interface Topology {
  services: ServiceRuntime[];
  byName: Map<string, ServiceRuntime>;
  /** Model name -> services that serve it, in order of the configuration. */
  byModel: Map<string, ServiceRuntime[]>;
  routes: RouteRuntime[];
  engines: Map<string, EngineRuntime>;
}

const connectionsPerEngine = 4096;

/**
 * Compiles `config`. Parts that did not change keep their state from `previous` (connections, health, queues);
 * engines that are gone or changed are returned in `retired`, to be closed when their last request ends.
 */
export function buildTopology(
  config: Config,
  previous: Topology | null,
  createTransport: (options: TransportOptions) => Transport,
): { topology: Topology; retired: EngineRuntime[] } {
  const engines = new Map<string, EngineRuntime>();
  for (const engine of config.engines) {
    if (engine.url === undefined) continue;
    const connectMs = connectTimeoutMs(config.routes, engine.name);
    const kept = previous?.engines.get(engine.name);
    const same = kept !== undefined && JSON.stringify(kept.config) === JSON.stringify(engine);
    engines.set(
      engine.name,
      same ? kept : createEngine(engine, engine.url, connectMs, createTransport),
    );
  }
  const routes = config.routes.map((route) => buildRoute(route, engines, previous));
  const services: ServiceRuntime[] = [];
  for (const service of config.services) {
    const route = routes.find((one) => one.config.name === service.route);
    if (route === undefined) continue;
    services.push({
      config: service,
      route,
      redact: service.store.redact.map((pattern) => new RegExp(pattern, 'gu')),
    });
  }
  const retired = [...(previous?.engines.values() ?? [])].filter(
    (engine) => engines.get(engine.config.name) !== engine,
  );
  return { topology: { services, routes, engines, ...indexes(services) }, retired };
}

function indexes(services: ServiceRuntime[]): Pick<Topology, 'byName' | 'byModel'> {
  const byModel = new Map<string, ServiceRuntime[]>();
  for (const service of services) {
    for (const model of service.config.models) {
      byModel.set(model, [...(byModel.get(model) ?? []), service]);
    }
  }
  return { byName: new Map(services.map((one) => [one.config.name, one])), byModel };
}

function buildRoute(
  config: RouteConfig,
  engines: Map<string, EngineRuntime>,
  previous: Topology | null,
): RouteRuntime {
  const kept = previous?.routes.find((one) => one.config.name === config.name);
  kept?.limiter.update(config.limits);
  const sameBudget =
    kept !== undefined && kept.config.retries.budgetPercent === config.retries.budgetPercent;
  return {
    config,
    engines: config.engines.flatMap(({ engine, weight, model }) => {
      const runtime = engines.get(engine);
      return runtime === undefined ? [] : [{ engine: runtime, weight, model: model ?? null }];
    }),
    fallback: config.fallback.flatMap((name) => engines.get(name) ?? []),
    limiter: kept?.limiter ?? new RouteLimiter(config.limits),
    retryBudget: sameBudget ? kept.retryBudget : createRetryBudget(config.retries.budgetPercent),
  };
}

/** Routes may differ; a shared pool connects with the most patient of them. */
function connectTimeoutMs(routes: readonly RouteConfig[], engine: string): number {
  const using = routes.filter(
    (route) =>
      route.fallback.includes(engine) || route.engines.some((one) => one.engine === engine),
  );
  return Math.max(1, ...using.map((route) => route.timeouts.connectMs));
}

function createEngine(
  config: EngineConfig,
  url: string,
  connectMs: number,
  createTransport: (options: TransportOptions) => Transport,
): EngineRuntime {
  const base = new URL(url);
  const headers = Object.entries({
    ...engineDialects[config.dialect].headers(config.apiKey),
    ...config.headers,
  });
  return {
    config,
    basePath: base.pathname.replace(/\/+$/, ''),
    headers: headers.flatMap(([name, value]) => [name.toLowerCase(), value]),
    transport: createTransport({
      origin: base.origin,
      connectTimeoutMs: connectMs,
      maxConnections: connectionsPerEngine,
    }),
    health: newHealth(),
    outstanding: 0,
  };
}
