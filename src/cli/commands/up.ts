import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadConfig } from '../../config/load.ts';
import { watchConfig } from '../../config/watch.ts';
import type { Config } from '../../config/schema.ts';
import { TailraceError } from '../../records/errors.ts';
import { createLog } from '../../serve/log.ts';
import { adminKeyEntry } from '../../supervise/admin-key-entry.ts';
import {
  instanceUrl,
  readOrCreateAdminKey,
  removeInstanceFile,
  writeInstanceFile,
} from '../../supervise/instance-file.ts';
import { startSupervisor, type Supervisor } from '../../supervise/supervisor.ts';
import type { Command, CommandContext } from '../command.ts';
import { stateDirOf } from '../state-dir.ts';
import { version } from '../version.ts';

export const up: Command = {
  name: 'up',
  summary: 'Start Tailrace: gateway, ledger, control API, console, simulated engines',
  usage: 'tailrace up [options]',
  description: [
    'Starts everything on this machine and stays in the foreground until SIGINT or SIGTERM, which drain it.',
    'Without a configuration file it serves one simulated service on 127.0.0.1:8787.',
    'Changes of the configuration file are taken up while it runs; a bad one is refused and the old goes on.',
    'State is kept in ./.tailrace, or in $TAILRACE_DATA.',
  ].join('\n'),
  examples: [
    'tailrace up',
    'tailrace up --config tailrace.yaml',
    'tailrace up --port 9000 --workers 1',
  ],
  options: {
    config: {
      type: 'string',
      short: 'c',
      value: 'FILE',
      description: 'configuration file (default: ./tailrace.yaml if it exists)',
    },
    port: {
      type: 'string',
      short: 'p',
      value: 'PORT',
      description: 'port to listen on, over the configuration',
    },
    host: {
      type: 'string',
      value: 'HOST',
      description: 'address to listen on, over the configuration',
    },
    workers: { type: 'string', value: 'N', description: 'gateway workers, over the configuration' },
  },
  positionalsMax: 0,
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { values, stdout, clock } = context;
  const path = configPath(context);
  const loaded = loadConfig({ path, env: context.env, cwd: context.cwd });
  if (!loaded.ok) throw loaded.error;
  const override = overrides(values);
  const { secretPaths } = loaded.value;
  const config = override(loaded.value.config);
  const stateDir = stateDirOf(context);
  const adminKey = readOrCreateAdminKey(stateDir);
  const log = createLog({
    level: config.logLevel,
    process: 'supervisor',
    clock,
    write: (line) => void process.stderr.write(line),
  });
  const supervisor = startSupervisor({
    config,
    secretPaths,
    stateDir,
    consoleDir: consoleDir(),
    adminKey: adminKeyEntry(adminKey),
    version,
    entry: process.argv[1] ?? fileURLToPath(import.meta.url),
    log,
  });
  let isReady = false;
  try {
    const { port, firstKey } = await ready(supervisor, context.signal);
    const url = instanceUrl(config.server.host, port);
    isReady = true;
    writeInstanceFile(stateDir, {
      url,
      adminKey,
      pid: process.pid,
      startedAtMs: clock.wallMs(),
      version,
    });
    stdout.write(welcome({ url, adminKey, firstKey, config, path }));
    const watcher =
      path === null
        ? null
        : watchConfig({
            path,
            env: context.env,
            onChange: (next) => {
              supervisor.reconfigure({ ...next, config: override(next.config) });
              log.info('configuration reloaded', { file: path });
            },
            onRefused: (error) =>
              log.error('configuration refused, the old one goes on', {
                file: path,
                error: error.message,
              }),
          });
    await aborted(context.signal);
    watcher?.close();
    stdout.write('draining ...\n');
    return 0;
  } finally {
    // Before that the file is another instance's, which may be why this one could not start.
    if (isReady) removeInstanceFile(stateDir);
    await supervisor.stop();
  }
}

function configPath(context: CommandContext): string | null {
  const named = context.values['config'];
  if (typeof named === 'string') return resolve(context.cwd, named);
  const usual = join(context.cwd, 'tailrace.yaml');
  return existsSync(usual) ? usual : null;
}

/** Command-line settings win over the file, also after a reload. */
function overrides(values: CommandContext['values']): (config: Config) => Config {
  const port = number(values['port'], 'port', 0, 65_535);
  const workers = number(values['workers'], 'workers', 1, 256);
  const host = typeof values['host'] === 'string' ? values['host'] : null;
  return (config) => ({
    ...config,
    server: {
      ...config.server,
      ...(port === null ? {} : { port }),
      ...(workers === null ? {} : { workers }),
      ...(host === null ? {} : { host }),
    },
  });
}

function number(value: unknown, field: string, min: number, max: number): number | null {
  if (typeof value !== 'string') return null;
  const parsed = Number(value);
  if (Number.isInteger(parsed) && parsed >= min && parsed <= max) return parsed;
  throw new TailraceError(
    'TR_USAGE',
    `--${field} takes a whole number from ${min} to ${max}, not "${value}"`,
    { field },
  );
}

/** The built console: in a clone under console/dist, in a package under dist/console. */
function consoleDir(): string | null {
  const here = dirname(fileURLToPath(import.meta.url));
  const places = [join(here, '..', '..', '..', 'console', 'dist'), join(here, 'console')];
  return places.find((place) => existsSync(join(place, 'index.html'))) ?? null;
}

function ready(supervisor: Supervisor, signal: AbortSignal): Supervisor['ready'] {
  const stopped = aborted(signal).then(() => {
    throw new TailraceError('TR_SHUTDOWN', 'stopped before it was ready');
  });
  return Promise.race([supervisor.ready, stopped]);
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((done) => {
    if (signal.aborted) return done();
    signal.addEventListener('abort', () => done(), { once: true });
  });

function welcome(is: {
  url: string;
  adminKey: string;
  firstKey: string | null;
  config: Config;
  path: string | null;
}): string {
  const service = is.config.services[0];
  const model = service?.models[0] ?? 'model';
  const key = is.firstKey ?? '$TAILRACE_KEY';
  const simulated = is.config.engines.filter((engine) => engine.simulated !== undefined);
  const lines = [
    '',
    `Tailrace ${version} is ready`,
    `  gateway   ${is.url}/v1   (OpenAI: /chat/completions, /completions, /embeddings; Anthropic: /messages)`,
    `  console   ${is.url}/#key=${is.adminKey}`,
    `  config    ${is.path ?? 'embedded defaults (no tailrace.yaml here)'}`,
    ...(simulated.length === 0
      ? []
      : [
          `  engines   SIMULATED: ${simulated.map((one) => one.name).join(', ')} (no real accelerator behind them)`,
        ]),
    is.firstKey === null
      ? '  key       made before; another one: tailrace keys create NAME'
      : `  key       ${is.firstKey}   (shown this once)`,
    '',
    `  curl ${is.url}/v1/chat/completions -H "authorization: Bearer ${key}" \\`,
    `    -H "content-type: application/json" -d '{"model":"${model}","messages":[{"role":"user","content":"hi"}]}'`,
    '',
    '  then: tailrace ask',
    '',
  ];
  return `${lines.join('\n')}\n`;
}
