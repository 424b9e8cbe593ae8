import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const bin = join(root, 'bin', 'tailrace.js');
const run = promisify(execFile);

/** `tailrace up` as a person starts it: a process of its own with a state folder of its own. */
export interface RunningTailrace {
  url: string;
  key: string;
  adminKey: string;
  home: string;
  stateDir: string;
  /** Everything it printed so far, both streams. */
  output(): string;
  /** Runs another command of the CLI against it. */
  cli(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }>;
  api(path: string): Promise<Response>;
  chat(body: Record<string, unknown>, init?: RequestInit): Promise<Response>;
  /** Process ids by slot, as `status --json` tells them. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
  /** Removes the state folder. */
  remove(): void;
}

export async function startTailrace(
  options: { args?: string[]; home?: string; config?: string } = {},
): Promise<RunningTailrace> {
  const home = options.home ?? mkdtempSync(join(tmpdir(), 'tailrace-e2e-'));
  const stateDir = join(home, 'state');
  const env = { ...process.env, TAILRACE_DATA: stateDir };
  const args = [bin, 'up', '--port', '0', ...(options.args ?? ['--workers', '1'])];
  const child = spawn(process.execPath, args, {
    cwd: home,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await ready(child, () => output);
  const instance = JSON.parse(readFileSync(join(stateDir, 'instance.json'), 'utf8')) as {
    url: string;
    adminKey: string;
  };
  const key = /Bearer (tr_[\w-]+)/.exec(output)?.[1] ?? '';
  return {
    url: instance.url,
    key,
    adminKey: instance.adminKey,
    home,
    stateDir,
    output: () => output,
    async cli(...cliArgs) {
      try {
        const done = await run(process.execPath, [bin, ...cliArgs], { cwd: home, env });
        return { code: 0, ...done };
      } catch (error) {
        const failed = error as { code?: number; stdout?: string; stderr?: string };
        return {
          code: failed.code ?? -1,
          stdout: failed.stdout ?? '',
          stderr: failed.stderr ?? '',
        };
      }
    },
    api: (path) =>
      fetch(`${instance.url}${path}`, {
        headers: { authorization: `Bearer ${instance.adminKey}` },
      }),
    chat: (body, init = {}) =>
      fetch(`${instance.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify({
          model: 'llama-3.1-8b',
          messages: [{ role: 'user', content: 'hi' }],
          ...body,
        }),
        ...init,
      }),
    stop: (signal = 'SIGTERM') => ended(child, signal),
    remove: () => rmSync(home, { recursive: true, force: true }),
  };
}

async function ready(child: ChildProcess, output: () => string): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!output().includes('then: tailrace ask')) {
    if (child.exitCode !== null || Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`tailrace did not start:\n${output()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => {
    child.on('exit', (code) => resolve(code));
    child.kill(signal);
  });
}

/** Polls until `probe` gives a value that is not null; fails after 20 s. */
export async function eventually<T>(probe: () => Promise<T | null>): Promise<T> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const value = await probe().catch(() => null);
    if (value !== null) return value;
    if (Date.now() > deadline) throw new Error('waited 20 s in vain');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
