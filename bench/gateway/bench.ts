import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { judge, parseBudgets } from './budgets.ts';
import type { Case, Effort, Figures } from './cases/case.ts';
import { latency } from './cases/latency.ts';
import { manyStreams } from './cases/many-streams.ts';
import { memory } from './cases/memory.ts';
import { streamCpu } from './cases/stream-cpu.ts';
import { unaryCpu } from './cases/unary-cpu.ts';
import type { Contender, Running } from './contenders/contender.ts';
import { direct } from './contenders/direct.ts';
import { litellm } from './contenders/litellm.ts';
import { nginx } from './contenders/nginx.ts';
import { portkey } from './contenders/portkey.ts';
import { smg } from './contenders/smg.ts';
import { tailrace } from './contenders/tailrace.ts';
import { watchMachine } from './machine-use.ts';
import { findProgram, startPinned, type Started } from './processes.ts';
import { spreadOf, type Report, type Results } from './report.ts';
import { requestBody } from './wire.ts';
import { runWrk } from './wrk.ts';

export const cases: readonly Case[] = [unaryCpu, latency, streamCpu, manyStreams, memory];
export const contenders: readonly Contender[] = [direct, nginx, tailrace, smg, portkey, litellm];

export interface BenchSettings {
  rounds: number;
  /** A round before the counted ones, that warms up caches, pools and compilers. */
  warmUp: boolean;
  seconds: number;
  /** 0: no memory case. */
  memorySeconds: number;
  streams: number;
  cases: readonly string[];
  contenders: readonly string[];
  /** Scratch folder, emptied by the caller. */
  dir: string;
  progress(line: string): void;
}

/** Contenders on the first CPU, client and upstream on the second; null where that is not possible. */
function pinning(): Report['pinned'] {
  const canPin = findProgram('taskset') !== null && availableParallelism() >= 2;
  return { contenders: canPin ? '0' : null, client: canPin ? '1' : null };
}

/** Runs the chosen cases over the chosen contenders and judges the budgets. */
export async function runBench(settings: BenchSettings): Promise<Report> {
  const { dir, seconds, memorySeconds, streams } = settings;
  const pinned = pinning();
  if (pinned.client !== null) {
    execFileSync('taskset', ['-pc', pinned.client, String(process.pid)], { stdio: 'ignore' });
  }
  const chosen = cases.filter(
    (one) =>
      settings.cases.includes(one.name) && (one.name !== 'memory' || settings.memorySeconds > 0),
  );
  const upstream = await startUpstream(pinned.client);
  const running = new Map<string, Running>();
  const notRun: Record<string, string> = {};
  try {
    for (const one of contenders) {
      if (!settings.contenders.includes(one.name)) continue;
      const own = join(dir, one.name);
      mkdirSync(own);
      try {
        const place = { upstreamPort: upstream.port, dir: own, cpus: pinned.contenders };
        running.set(one.name, await one.start(place));
      } catch (error) {
        notRun[one.name] = messageOf(error);
      }
    }
    const needsRate = chosen.some((one) => one.name === 'latency');
    const ratePerS = needsRate ? await halfLoad(running.get('tailrace'), settings) : null;
    const effort: Effort = { seconds, streams, ratePerS, memorySeconds, dir };
    const endWatch = watchMachine();
    const figures = await measureAll(chosen, running, effort, settings, notRun);
    const about = { pinned, machineUse: endWatch(), rounds: settings.rounds, seconds };
    return { ...reportOf(chosen, figures, notRun), ...about };
  } finally {
    await Promise.all([...running.values()].map((one) => one.stop()));
    await upstream.started.stop();
  }
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

const UPSTREAM_TRIES = 100;

async function startUpstream(cpu: string | null): Promise<{ started: Started; port: number }> {
  const script = join(import.meta.dirname, 'upstream.ts');
  const started = startPinned([process.execPath, script], { cpus: cpu });
  for (let tries = 0; tries < UPSTREAM_TRIES; tries += 1) {
    const port = /"port":(\d+)/.exec(started.output())?.[1];
    if (port !== undefined) return { started, port: Number(port) };
    await delay(50);
  }
  throw new Error(`the upstream did not start: ${started.output()}`);
}

/** Half of the requests a second that Tailrace carries when asked as fast as it can, rounded. */
async function halfLoad(
  running: Running | undefined,
  { seconds, dir }: BenchSettings,
): Promise<number | null> {
  if (running === undefined) return null;
  const body = requestBody(null);
  // The first run compiles the code; the second one counts.
  await runWrk(running.endpoint, body, { seconds, dir });
  const { requests, seconds: took } = await runWrk(running.endpoint, body, { seconds, dir });
  return Math.max(10, Math.round(requests / took / 2 / 10) * 10);
}

/** Case, contender, rounds. */
type AllFigures = Record<string, Record<string, Figures[]>>;

/** Rounds are interleaved: a case goes once through all contenders, then its next round begins. */
async function measureAll(
  chosen: readonly Case[],
  running: ReadonlyMap<string, Running>,
  effort: Effort,
  settings: BenchSettings,
  notRun: Record<string, string>,
): Promise<AllFigures> {
  const all: AllFigures = {};
  for (const one of chosen) {
    const byContender: Record<string, Figures[]> = {};
    all[one.name] = byContender;
    const names = one.contenders.filter((name) => running.has(name));
    // One long measurement of memory says more than several short ones.
    const warmUps = settings.warmUp && one.name !== 'memory' ? 1 : 0;
    const rounds = one.name === 'memory' ? 1 : settings.rounds;
    for (let round = 0; round < rounds + warmUps; round += 1) {
      for (const name of rotated(names, round)) {
        const contender = running.get(name);
        if (contender === undefined) continue;
        try {
          const figures = await one.measure(contender, effort, name);
          settings.progress(`${one.name} ${round} ${name} ${JSON.stringify(figures)}`);
          if (round >= warmUps) (byContender[name] ??= []).push(figures);
        } catch (error) {
          notRun[`${name} in ${one.name}`] = messageOf(error);
        }
      }
    }
  }
  return all;
}

const rotated = (names: readonly string[], by: number): string[] =>
  names.map((_, i) => names[(i + by) % names.length] ?? '');

type Measured = Omit<Report, 'pinned' | 'machineUse' | 'rounds' | 'seconds'>;

function reportOf(
  chosen: readonly Case[],
  all: AllFigures,
  notRun: Record<string, string>,
): Measured {
  const results: Results = {};
  for (const { name: caseName, contenders: names } of chosen) {
    for (const name of names) {
      const figures = all[caseName]?.[name] ?? [];
      for (const metric of Object.keys(figures[0] ?? {})) {
        const values = figures.map((one) => one[metric] ?? Number.NaN);
        ((results[caseName] ??= {})[name] ??= {})[metric] = spreadOf(values);
      }
    }
  }
  const budgets = parseBudgets(readFileSync(join(import.meta.dirname, '../budgets.yaml'), 'utf8'));
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: machine(),
    cases: Object.fromEntries(chosen.map((one) => [one.name, one.what])),
    contenders: Object.fromEntries(contenders.map((one) => [one.name, one.does])),
    results,
    notRun,
    verdicts: judge(budgets, results),
  };
}

function machine(): Report['machine'] {
  const [cpu] = cpus();
  return {
    cpu: cpu?.model.trim() ?? 'unknown',
    cpus: cpus().length,
    memoryGib: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.versions.node,
  };
}
