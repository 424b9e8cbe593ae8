import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { promisify } from 'node:util';
import type { Config } from '../config/schema.ts';
import type { SourceConfig } from '../config/source-schema.ts';
import { createHostSource } from '../measure/sources/host/host-source.ts';
import type { HostFiles } from '../measure/sources/host/rapl.ts';
import { nvidiaSmi } from '../measure/sources/nvidia-smi.ts';
import { createProgramSource } from '../measure/sources/program-source.ts';
import { createPrometheusTarget } from '../measure/sources/prometheus-target.ts';
import type { ResourceSource } from '../measure/sources/resource-source.ts';
import { rocmSmi } from '../measure/sources/rocm-smi.ts';
import { metricsUrlOf } from '../measure/sources/vllm.ts';
import type { Telemetry } from '../measure/telemetry/telemetry.ts';
import type { Clock } from '../records/clock.ts';
import type { Log } from '../serve/log.ts';

const flushEveryMs = 20_000;

interface Running {
  source: ResourceSource;
  timer: NodeJS.Timeout;
  isBusy: boolean;
  lastError: string | null;
}

/**
 * Looks at every configured source in its interval, spread over it so that many targets make no bursts; one late
 * target delays only itself. Writes what has closed from time to time.
 */
export function runSourceLoop(
  telemetry: Telemetry,
  clock: Clock,
  log: Log,
): { update(config: Config): void; stop(): void } {
  let running: Running[] = [];
  let text = '';
  const flushing = setInterval(() => {
    try {
      telemetry.flush();
    } catch (error) {
      log.error('telemetry cannot be written', { error: messageOf(error) });
    }
  }, flushEveryMs);

  const look = async (one: Running): Promise<void> => {
    if (one.isBusy) return;
    one.isBusy = true;
    const { source, target } = one.source;
    const result = await one.source.read();
    if (result.ok) {
      const { intervalMs, node } = one.source;
      const context = { source, target, node, intervalMs, nowMs: clock.wallMs() };
      telemetry.observe(result.value.readings, { ...context, ...result.value });
    } else telemetry.failed(one.source, result.error);
    const error = result.ok ? null : result.error.message;
    if (error !== one.lastError) {
      if (error === null) log.info('source is read again', { source, target });
      else log.warn('source cannot be read', { source, target, error });
    }
    one.lastError = error;
    one.isBusy = false;
  };

  const start = (source: ResourceSource, at: number, of: number): Running => {
    const one: Running = { source, timer: setTimeout(() => {}), isBusy: false, lastError: null };
    one.timer = setTimeout(
      () => {
        void look(one);
        one.timer = setInterval(() => void look(one), source.intervalMs);
      },
      (source.intervalMs * at) / of,
    );
    return one;
  };

  const clear = (): void => {
    for (const { timer } of running) clearInterval(timer);
    running = [];
  };

  return {
    update(config) {
      const wanted = [...config.sources, ...simulatedSources(config)];
      const next = JSON.stringify(wanted);
      if (next === text) return;
      text = next;
      clear();
      const sources = wanted.flatMap(openSource);
      running = sources.map((source, i) => start(source, i, sources.length));
    },
    stop() {
      clear();
      clearInterval(flushing);
    },
  };
}

/** Simulated engines show the counters of their accelerators on their own page: no entry is asked for. */
function simulatedSources(config: Config): SourceConfig[] {
  return config.engines.flatMap((engine) => {
    const url = engine.simulated === undefined ? null : metricsUrlOf(engine);
    if (url === null) return [];
    const { name } = engine;
    return { kind: 'prometheus', name, urls: [url], intervalMs: 10_000, timeoutMs: 5_000 };
  });
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : '');

const execute = promisify(execFile);
const runProgram = async (command: string, args: readonly string[]): Promise<string> => {
  const limits = { timeout: 10_000, maxBuffer: 16_777_216 };
  return (await execute(command, [...args], limits)).stdout;
};

const hostFiles: HostFiles = {
  read(path) {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      return null;
    }
  },
  list(path) {
    try {
      return readdirSync(path);
    } catch {
      return [];
    }
  },
};

function openSource(config: SourceConfig): ResourceSource[] {
  const { name: source, intervalMs } = config;
  const node = config.node ?? hostname();
  switch (config.kind) {
    case 'prometheus':
      return config.urls.map((url) =>
        createPrometheusTarget({
          source,
          url,
          intervalMs,
          timeoutMs: config.timeoutMs,
          node: config.node ?? null,
          apiKey: config.apiKey ?? null,
          fetch,
        }),
      );
    case 'host':
      return [createHostSource({ source, node, intervalMs, files: hostFiles })];
    case 'nvidia-smi':
    case 'rocm-smi': {
      const program = config.kind === 'nvidia-smi' ? nvidiaSmi : rocmSmi;
      const { command } = config;
      return [createProgramSource({ program, source, node, intervalMs, command, run: runProgram })];
    }
  }
}
