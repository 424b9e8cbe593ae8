import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** User and system CPU time of processes so far, milliseconds; one that is gone counts 0. */
export function cpuMs(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + cpuOf(pid), 0);
}

/** Linux reports clock ticks of 1/100 s in /proc (proc(5), USER_HZ). */
const TICK_MS = 10;

/** Fields 14 and 15 of /proc/PID/stat. The name in field 2 may hold blanks, so count from its end. */
function cpuOf(pid: number): number {
  const fields = statOf(pid);
  return fields === null ? 0 : (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

function statOf(pid: number): string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}

/** A process and all that it started, as of now. */
export function treeOf(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    const parent = Number.isInteger(pid) ? Number(statOf(pid)?.[1] ?? 0) : 0;
    if (parent > 0) children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const tree = [root];
  // The list grows while it is walked: a process has one parent, so each comes once.
  for (const pid of tree) tree.push(...(children.get(pid) ?? []));
  return tree;
}

/** Value of one variable in the environment a process was started with. */
export function environmentOf(pid: number, name: string): string | null {
  try {
    const entries = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
    return entries.find((entry) => entry.startsWith(`${name}=`))?.slice(name.length + 1) ?? null;
  } catch {
    return null;
  }
}

/** Resident memory of a process, bytes; null when it is gone. */
export function rssBytes(pid: number): number | null {
  try {
    const match = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return match?.[1] === undefined ? null : Number(match[1]) * 1024;
  } catch {
    return null;
  }
}

export interface Started {
  pid: number;
  child: ChildProcess;
  /** What it wrote so far, for the message when it fails; the last 16 KiB. */
  output(): string;
  stop(): Promise<void>;
}

const OUTPUT_CHARS = 16_384;
const STOP_MS = 10_000;

/** Starts a program on the given CPUs (null: wherever). Its own process group is stopped with it. */
export function startPinned(
  command: readonly string[],
  options: { cpus: string | null; cwd?: string; env?: Record<string, string | undefined> },
): Started {
  const pinned = options.cpus === null ? [] : ['taskset', '--cpu-list', options.cpus];
  const [program = '', ...args] = [...pinned, ...command];
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  const keep = (part: Buffer): void => {
    output = (output + part.toString('utf8')).slice(-OUTPUT_CHARS);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  child.on('error', (error) => keep(Buffer.from(error.message)));
  const gone = new Promise<void>((done) => child.on('close', () => done()));
  return {
    pid: child.pid ?? -1,
    child,
    output: () => output,
    async stop() {
      if (child.pid === undefined) return;
      signalGroup(child.pid, 'SIGTERM');
      const timer = setTimeout(() => signalGroup(child.pid ?? 0, 'SIGKILL'), STOP_MS);
      await gone;
      clearTimeout(timer);
    },
  };
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    if (pid > 0) process.kill(-pid, signal);
  } catch {
    // Already gone.
  }
}

/** Waits until something listens on the port; throws with the program's output when it does not. */
export async function waitForPort(started: Started, port: number, waitMs: number): Promise<void> {
  for (const endMs = performance.now() + waitMs; performance.now() < endMs;) {
    if (started.child.exitCode !== null) break;
    if (await accepts(port)) return;
    await delay(50);
  }
  throw new Error(`nothing listens on port ${port}: ${started.output().slice(-2000)}`);
}

function accepts(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => {
      socket.destroy();
      done(true);
    });
    socket.on('error', () => done(false));
  });
}

/** Whether a program of this name is on the path or at /usr/sbin. */
export function findProgram(name: string): string | null {
  const folders = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/sbin'];
  return folders.map((folder) => `${folder}/${name}`).find((path) => existsSync(path)) ?? null;
}
