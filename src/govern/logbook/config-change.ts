import { createHash } from 'node:crypto';
import type { Config, EngineConfig } from '../../config/schema.ts';
import type { EntryOf } from '../../records/logbook-entry.ts';

/** What identifies a configuration; secrets do not, since only a hash of all of it is kept. */
const digestOf = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex');

/** Of each part that services are made of, one digest; services have those of their route and engines in theirs. */
function partsOf(config: Config): Map<string, { digest: string; services: string[] }> {
  const parts = new Map<string, { digest: string; services: string[] }>();
  const routesOf = (engine: string): string[] =>
    config.routes
      .filter(
        (one) => one.engines.some((at) => at.engine === engine) || one.fallback.includes(engine),
      )
      .map((one) => one.name);
  const servicesOf = (routes: readonly string[]): string[] =>
    config.services.filter((one) => routes.includes(one.route)).map((one) => one.name);
  for (const one of config.services) {
    parts.set(`services ${one.name}`, { digest: digestOf(one), services: [one.name] });
  }
  for (const one of config.routes) {
    parts.set(`routes ${one.name}`, { digest: digestOf(one), services: servicesOf([one.name]) });
  }
  for (const one of config.engines) {
    const services = servicesOf(routesOf(one.name));
    parts.set(`engines ${one.name}`, { digest: digestOf(asWritten(one)), services });
  }
  return parts;
}

/** A simulated engine is given a port at each start: that is no change of anybody's. */
const asWritten = (engine: EngineConfig): EngineConfig =>
  engine.simulated === undefined ? engine : { ...engine, url: undefined, metricsUrl: undefined };

export const configDigest = (config: Config): string =>
  digestOf({ ...config, engines: config.engines.map(asWritten) }).slice(0, 32);

/**
 * What changed between two configurations, and the services that it touches; null when nothing did that a request
 * could notice. `before` null: the configuration of an earlier run is not known, so every service is touched.
 */
export function configChange(
  before: Config | null,
  after: Config,
  atMs: number,
): EntryOf<'change'> | null {
  const old = before === null ? new Map<string, never>() : partsOf(before);
  const now = partsOf(after);
  const changed = [...new Set([...old.keys(), ...now.keys()])].filter(
    (name) => old.get(name)?.digest !== now.get(name)?.digest,
  );
  if (changed.length === 0) return null;
  const services = changed.flatMap((name) => [
    ...(now.get(name)?.services ?? []),
    ...(old.get(name)?.services ?? []),
  ]);
  return {
    v: 1,
    kind: 'change',
    atMs,
    digest: configDigest(after),
    parts: changed.slice(0, 100),
    services: [...new Set(services)].slice(0, 1_000),
  };
}
