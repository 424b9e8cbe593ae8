import { nearest } from './nearest.ts';
import { formatPath, type Path } from './problems.ts';
import type {
  ClusterConfig,
  Config,
  EngineConfig,
  JobConfig,
  RouteConfig,
  ServiceConfig,
} from './schema.ts';

/** What the checks ask of the catalog; handed in, so that they can be tried on any. */
export interface CatalogNames {
  hasAccelerator(id: string): boolean;
  acceleratorIds(): string[];
  hasModel(id: string): boolean;
  modelIds(): string[];
  /** Whether the price catalog knows this provider id, or else the provider of this URL. */
  hasProvider(ask: { provider: string } | { url: string }): boolean;
  providerIds(): string[];
}

/** What one check found: an `error` refuses the file, a `warning` is shown. */
export interface Finding {
  severity: 'error' | 'warning';
  path: Path;
  message: string;
  suggestion: string | null;
}

interface Check {
  config: Config;
  catalog: CatalogNames;
  engineNames: string[];
  /** A value as it may be shown: not when it came from the environment or a file. */
  show(path: Path, value: string): string;
  error: Report;
  warning: Report;
}

type Report = (path: Path, message: string, suggestion?: string | null) => void;

/** Checks what a schema cannot: that names point somewhere and settings make sense together. */
export function crossCheck(
  config: Config,
  catalog: CatalogNames,
  secretPaths: ReadonlySet<string>,
): Finding[] {
  const found: Finding[] = [];
  const add =
    (severity: 'error' | 'warning'): Report =>
    (path, message, suggestion = null) => {
      found.push({ severity, path, message, suggestion });
    };
  const check: Check = {
    config,
    catalog,
    engineNames: config.engines.map((engine) => engine.name),
    show: (path, value) => (secretPaths.has(formatPath(path)) ? '***' : JSON.stringify(value)),
    error: add('error'),
    warning: add('warning'),
  };
  for (const list of NAMED_LISTS) uniqueNames(check, list);
  checkModels(check);
  config.services.forEach((service, i) => checkService(check, service, ['services', i]));
  config.routes.forEach((route, i) => checkRoute(check, route, ['routes', i]));
  config.engines.forEach((engine, i) => checkEngine(check, engine, ['engines', i]));
  config.jobs.forEach((job, i) => checkJob(check, job, ['jobs', i]));
  config.sources.forEach((source, i) => checkSource(check, source, ['sources', i]));
  config.clusters.forEach((cluster, i) => checkCluster(check, cluster, ['clusters', i]));
  checkKeys(check);
  checkUnused(check);
  return found;
}

const NAMED_LISTS = [
  'services',
  'routes',
  'engines',
  'jobs',
  'keys',
  'sources',
  'clusters',
] as const;

function uniqueNames(check: Check, list: (typeof NAMED_LISTS)[number]): void {
  const seen = new Map<string, number>();
  check.config[list].forEach(({ name }, i) => {
    const path = [list, i, 'name'];
    const first = seen.get(name);
    if (first === undefined) seen.set(name, i);
    else check.error(path, `${check.show(path, name)} is already the name of ${list}[${first}]`);
  });
}

/** A request names only a model, so a model must lead to exactly one service. */
function checkModels(check: Check): void {
  const claimed = new Map<string, { service: string; index: number }>();
  check.config.services.forEach((service, i) => {
    service.models.forEach((model, j) => {
      const path = ['services', i, 'models', j];
      const first = claimed.get(model);
      if (first === undefined) claimed.set(model, { service: service.name, index: i });
      else if (first.index === i) check.error(path, `${check.show(path, model)} is listed twice`);
      else {
        const owner = check.show(['services', first.index, 'name'], first.service);
        const fix = 'a model must lead to one service';
        check.error(path, `${check.show(path, model)} is claimed by service ${owner}; ${fix}`);
      }
    });
  });
}

function checkService(check: Check, service: ServiceConfig, path: Path): void {
  const routes = check.config.routes.map((route) => route.name);
  reference(check, [...path, 'route'], service.route, 'route', routes);
  for (const metric of ['ttftMs', 'tpotMs', 'e2eMs'] as const) {
    const target = service.slo[metric];
    if (target?.p95 !== undefined && target.p99 !== undefined && target.p99 < target.p95) {
      check.error([...path, 'slo', metric, 'p99'], 'must not be below p95');
    }
  }
  service.store.redact.forEach((pattern, i) => {
    try {
      void new RegExp(pattern, 'u');
    } catch {
      check.error([...path, 'store', 'redact', i], 'is not a valid regular expression');
    }
  });
}

function reference(check: Check, path: Path, name: string, kind: string, known: string[]): void {
  if (known.includes(name)) return;
  const message = `there is no ${kind} ${check.show(path, name)}`;
  const secret = check.show(path, name) === '***';
  check.error(path, message, secret ? null : nearest(name, known));
}

function checkRoute(check: Check, route: RouteConfig, path: Path): void {
  const seen = new Set<string>();
  route.engines.forEach((target, i) => {
    const at = [...path, 'engines', i, 'engine'];
    reference(check, at, target.engine, 'engine', check.engineNames);
    const key = `${target.engine}\n${target.model ?? ''}`;
    if (seen.has(key)) check.error(at, `${check.show(at, target.engine)} is listed twice`);
    seen.add(key);
  });
  if (route.engines.every((target) => target.weight === 0)) {
    check.error([...path, 'engines'], 'all weights are 0, so no engine would ever be asked');
  }
  route.fallback.forEach((name, i) => {
    const at = [...path, 'fallback', i];
    reference(check, at, name, 'engine', check.engineNames);
    if (route.fallback.indexOf(name) < i) {
      check.error(at, `${check.show(at, name)} is listed twice`);
    }
  });
}

function checkEngine(check: Check, engine: EngineConfig, path: Path): void {
  if (engine.url === undefined && engine.simulated === undefined) {
    check.error(path, 'needs `url` (a running engine) or `simulated` (one that Tailrace starts)');
  }
  if (engine.url !== undefined && engine.simulated !== undefined) {
    check.error([...path, 'simulated'], 'cannot go with `url`: Tailrace starts this engine itself');
  }
  if (engine.simulated !== undefined) checkSimulated(check, engine, path);
  checkUrls(check, engine, path);
  checkHeaders(check, engine, path);
  checkHardware(check, engine, path);
  checkCost(check, engine, path);
}

function checkSimulated(check: Check, engine: EngineConfig, path: Path): void {
  if (engine.hardware === undefined) {
    check.error(path, 'a simulated engine needs `hardware`: the accelerator and model to act as');
  }
  if (engine.dialect !== 'openai') {
    check.error([...path, 'dialect'], 'a simulated engine speaks `openai` only');
  }
}

function checkUrls(check: Check, engine: EngineConfig, path: Path): void {
  for (const field of ['url', 'metricsUrl'] as const) {
    const text = engine[field];
    const url = text === undefined ? null : URL.parse(text);
    if (url === null) continue;
    const at = [...path, field];
    if (url.username !== '' || url.password !== '') {
      check.error(at, 'must not hold a user name or password; use `apiKey` or `headers`');
    }
    if (url.hash !== '' || (field === 'url' && url.search !== '')) {
      check.error(at, 'must end with its path: paths are appended to it');
    }
  }
}

/** RFC 9110 section 5.1 (token) and 5.5 (field value, visible ASCII, spaces and tabs). */
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

function checkHeaders(check: Check, engine: EngineConfig, path: Path): void {
  if (engine.apiKey !== undefined && !/^[\x21-\x7e]+$/.test(engine.apiKey)) {
    check.error([...path, 'apiKey'], 'must be visible ASCII characters without spaces');
  }
  for (const [name, value] of Object.entries(engine.headers)) {
    const at = [...path, 'headers', name];
    if (!HEADER_NAME.test(name)) check.error(at, 'is not a valid header name');
    if (!HEADER_VALUE.test(value)) check.error(at, 'holds a character that a header cannot carry');
  }
}

/** A simulation needs the catalog's figures; a real engine only loses what is computed from them. */
function checkHardware(check: Check, engine: EngineConfig, path: Path): void {
  const { hardware } = engine;
  if (hardware === undefined) return;
  const at = [...path, 'hardware'];
  const report = engine.simulated === undefined ? check.warning : check.error;
  const lost = engine.simulated === undefined ? '; figures that need it stay unknown' : '';
  const { accelerator, model } = hardware;
  if (!check.catalog.hasAccelerator(accelerator)) {
    const field = [...at, 'accelerator'];
    const message = `the catalog has no accelerator ${check.show(field, accelerator)}${lost}`;
    report(field, message, nearest(accelerator, check.catalog.acceleratorIds()));
  }
  if (!check.catalog.hasModel(model)) {
    const field = [...at, 'model'];
    const message = `the catalog has no model ${check.show(field, model)}${lost}`;
    report(field, message, nearest(model, check.catalog.modelIds()));
  }
  if (hardware.count % hardware.tensorParallel !== 0) {
    const message = `must divide \`count\` (${hardware.count}) into whole replicas`;
    check.error([...at, 'tensorParallel'], message);
  }
}

function checkCost(check: Check, engine: EngineConfig, path: Path): void {
  const { cost, url } = engine;
  const at = [...path, 'cost'];
  if (cost === undefined) {
    check.warning(path, 'has no `cost`, so the cost of its requests stays unknown');
    return;
  }
  if (cost.basis !== 'api') {
    if (engine.hardware === undefined) {
      const why = 'the rate is per accelerator, so the number of accelerators must be known';
      check.error(at, `basis \`${cost.basis}\` needs \`hardware\`: ${why}`);
    }
    return;
  }
  if (cost.provider !== undefined) {
    if (check.catalog.hasProvider({ provider: cost.provider })) return;
    const field = [...at, 'provider'];
    const message = `the price catalog has no provider ${check.show(field, cost.provider)}`;
    check.error(field, message, nearest(cost.provider, check.catalog.providerIds()));
  } else if (url === undefined || !check.catalog.hasProvider({ url })) {
    const why = 'the price catalog knows no provider by the URL of this engine';
    check.error(at, `basis \`api\` needs \`provider\`: ${why}`);
  }
}

/** A job is only accounted for: what the catalog lacks makes a part unknown, and a price by the token makes no sense. */
function checkJob(check: Check, job: JobConfig, path: Path): void {
  const { accelerator } = job.hardware;
  if (!check.catalog.hasAccelerator(accelerator)) {
    const field = [...path, 'hardware', 'accelerator'];
    const message = `the catalog has no accelerator ${check.show(field, accelerator)}; figures that need it stay unknown`;
    check.warning(field, message, nearest(accelerator, check.catalog.acceleratorIds()));
  }
  if (job.model !== undefined && !check.catalog.hasModel(job.model)) {
    const field = [...path, 'model'];
    const message = `the catalog has no model ${check.show(field, job.model)}`;
    check.error(field, message, nearest(job.model, check.catalog.modelIds()));
  }
  if (job.cost === undefined) {
    check.warning(path, 'has no `cost`, so the money that it loses stays unknown');
  } else if (job.cost.basis === 'api') {
    check.error([...path, 'cost', 'basis'], 'must be `rented` or `owned`: a job pays by time');
  }
}

function checkSource(check: Check, source: Config['sources'][number], path: Path): void {
  if (source.kind !== 'prometheus') return;
  source.urls.forEach((text, i) => {
    const at = [...path, 'urls', i];
    const url = URL.parse(text);
    if (url !== null && (url.username !== '' || url.password !== '')) {
      check.error(at, 'must not hold a user name or password; use `apiKey`');
    }
    if (source.urls.indexOf(text) < i) check.error(at, `${check.show(at, text)} is listed twice`);
  });
  if (source.apiKey !== undefined && !/^[\x21-\x7e]+$/.test(source.apiKey)) {
    check.error([...path, 'apiKey'], 'must be visible ASCII characters without spaces');
  }
  if (source.timeoutMs > source.intervalMs) {
    check.error([...path, 'timeoutMs'], 'must not be above `intervalMs`');
  }
}

function checkCluster(check: Check, cluster: ClusterConfig, path: Path): void {
  if (cluster.cost === undefined) {
    check.warning(path, 'has no `cost`, so the money of its idle cards stays unknown');
  } else if (cluster.cost.basis === 'api') {
    check.error([...path, 'cost', 'basis'], 'must be `rented` or `owned`: cards are paid by time');
  }
  if (cluster.kind !== 'kubernetes') return;
  const { server, kubeconfig, context, token, tokenFile } = cluster;
  if (server !== undefined && (kubeconfig !== undefined || context !== undefined)) {
    check.error([...path, 'server'], 'must not stand beside `kubeconfig` or `context`');
  }
  for (const field of ['token', 'tokenFile', 'caFile'] as const) {
    if (server === undefined && cluster[field] !== undefined) {
      check.error([...path, field], 'needs `server`; a kubeconfig file brings its own');
    }
  }
  if (token !== undefined && tokenFile !== undefined) {
    check.error([...path, 'tokenFile'], 'must not stand beside `token`');
  }
  const url = URL.parse(server ?? '');
  if (url !== null && (url.username !== '' || url.password !== '')) {
    check.error([...path, 'server'], 'must not hold a user name or password; use `tokenFile`');
  }
}

function checkKeys(check: Check): void {
  const services = check.config.services.map((service) => service.name);
  const hashes = new Map<string, number>();
  check.config.keys.forEach((key, i) => {
    if (key.ingest && (key.admin || key.services.length > 0)) {
      const fix = 'make another key for the rest';
      check.error(['keys', i, 'ingest'], `such a key may do nothing else; ${fix}`);
    }
    key.services.forEach((name, j) => {
      reference(check, ['keys', i, 'services', j], name, 'service', services);
    });
    const first = hashes.get(key.hash);
    if (first !== undefined) check.error(['keys', i, 'hash'], `is the same as in keys[${first}]`);
    hashes.set(key.hash, first ?? i);
  });
}

function checkUnused(check: Check): void {
  const { routes, services } = check.config;
  const usedRoutes = new Set(services.map((service) => service.route));
  const usedEngines = new Set(
    routes.flatMap((route) => [...route.engines.map((one) => one.engine), ...route.fallback]),
  );
  routes.forEach((route, i) => {
    if (!usedRoutes.has(route.name)) check.warning(['routes', i], 'is used by no service');
  });
  check.engineNames.forEach((name, i) => {
    if (!usedEngines.has(name)) check.warning(['engines', i], 'is used by no route');
  });
}
