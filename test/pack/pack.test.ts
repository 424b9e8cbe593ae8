import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

/**
 * The package as a stranger gets it: packed, installed into an empty folder, run by the oldest Node on
 * this machine that Tailrace supports (20 and up; it brings its own 24).
 */
const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const manifest: { version: string } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const home = mkdtempSync(join(tmpdir(), 'tailrace-pack-'));
const env = { ...process.env, PATH: machinePath(), npm_config_ignore_scripts: 'true' };
let up: ChildProcess | null = null;

/** PATH without this clone's own node_modules, so that `node` is the machine's. */
function machinePath(): string {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => !folder.includes('node_modules'))
    .join(delimiter);
}

const run = (file: string, args: string[], cwd: string): string =>
  execFileSync(file, args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });

beforeAll(() => {
  // prepack needs the toolchain of the clone; the rest of this test must not see it.
  execFileSync('npm', ['pack', '--pack-destination', home, '--silent'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const tarball = readdirSync(home).find((name) => name.endsWith('.tgz'));
  if (tarball === undefined) throw new Error('npm pack wrote no tarball');
  writeFileSync(join(home, 'package.json'), '{"private":true}\n');
  run('npm', ['install', '--no-audit', '--no-fund', `./${tarball}`], home);
});

afterAll(() => {
  up?.kill('SIGKILL');
  rmSync(home, { recursive: true, force: true });
});

test('the machine runs it with a Node of its own', () => {
  expect(run('node', ['--version'], home)).toMatch(/^v(2\d|[3-9]\d)\./);
  expect(run('npx', ['tailrace', '--version'], home)).toContain(manifest.version);
});

test('commands that need data files, worker threads or readers find them in the bundle', () => {
  const tailrace = (line: string): unknown => {
    const args = ['tailrace', ...line.split(' '), '--json'];
    return JSON.parse(run('npx', args, home));
  };
  const fixtures = join(root, 'test', 'fixtures');
  const plan = 'plan serve --model llama-3.1-8b --accelerator h100-sxm --rate 5 --requests 200';
  expect(tailrace(plan)).toMatchObject({ evaluation: { ttftMs: { p99: expect.anything() } } });
  // Candidates are simulated in worker threads, whose file stands beside the bundle.
  const search = 'plan search --model llama-3.1-8b --accelerator h100-sxm --tp 1 --rate 5';
  expect(tailrace(`${search} --ttft-p99 500 --requests 200`)).toMatchObject({
    best: expect.anything(),
  });
  const trace = join(fixtures, 'traces-kineto', 'vllm-decode.json.gz');
  expect(tailrace(`analyze ${trace}`)).toMatchObject({ views: { exact: expect.anything() } });
  const openb = join(fixtures, 'openb');
  const files = `--nodes ${join(openb, 'nodes.csv')} --pods ${join(openb, 'pods.csv')}`;
  expect(tailrace(`cluster replay ${files} --policy fgd --seeds 2`)).toMatchObject({
    points: expect.arrayContaining([expect.objectContaining({ policy: 'fgd' })]),
  });
});

test('npx tailrace up serves a request and the console', async () => {
  // What `npx tailrace up` runs, without npx in between, which passes no signal on.
  const child = spawn(
    'node',
    [
      join(home, 'node_modules', 'tailrace', 'bin', 'tailrace.js'),
      'up',
      '--port',
      '0',
      '--workers',
      '1',
    ],
    {
      cwd: home,
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  up = child;
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  const deadline = Date.now() + 60_000;
  while (!out.includes('tailrace ask') && Date.now() < deadline)
    await new Promise((r) => setTimeout(r, 100));
  const url = /gateway\s+(http:\S+)\/v1/.exec(out)?.[1];
  const key = /Bearer (tr_\S+?)"/.exec(out)?.[1];
  expect(url, out).toBeDefined();
  const reply = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      model: 'llama-3.1-8b',
      max_tokens: 4,
      messages: [{ role: 'user', content: 'hi' }],
    }),
  });
  expect(reply.status).toBe(200);
  expect(reply.headers.get('x-tailrace-simulated')).toBe('true');
  const page = await fetch(`${url}/`);
  expect(await page.text()).toContain('<div id="root"');
  expect(existsSync(join(home, '.tailrace', 'instance.json'))).toBe(true);
  // Traces are read in a thread of its own, whose file stands beside the bundle.
  const trace = join(root, 'test', 'fixtures', 'traces-kineto', 'vllm-decode.json.gz');
  const pushed = run('npx', ['tailrace', 'analyze', trace, '--push', '--json'], home);
  expect(JSON.parse(pushed)).toMatchObject({ traces: [{ state: 'ready', rank: 0 }] });
  const gone = new Promise((resolve) => child.on('exit', resolve));
  child.kill('SIGTERM');
  await gone;
  up = null;
  expect(existsSync(join(home, '.tailrace', 'instance.json'))).toBe(false);
});
