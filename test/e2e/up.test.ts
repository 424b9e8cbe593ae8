import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, startTailrace, type RunningTailrace } from './running-tailrace.ts';

/** The whole program as a newcomer meets it: `tailrace up` with no file at all. */
describe('with embedded defaults', () => {
  let tailrace: RunningTailrace;

  beforeAll(async () => {
    tailrace = await startTailrace();
  });

  afterAll(async () => {
    await tailrace.stop('SIGKILL');
    tailrace.remove();
  });

  const health = async (): Promise<{ ledger: { recordsTotal: number } }> =>
    (await (await tailrace.api('/api/v1/health')).json()) as { ledger: { recordsTotal: number } };

  test('the printed key serves, unary and streamed, and says that it is simulated', async () => {
    const unary = await tailrace.chat({ max_tokens: 5 });
    expect(unary.status).toBe(200);
    expect(unary.headers.get('x-tailrace-simulated')).toBe('true');
    const stream = await tailrace.chat({ max_tokens: 5, stream: true });
    const text = await stream.text();
    expect(text).toContain('[DONE]');
    // The client did not ask for usage, so the frame that we asked for is not shown.
    expect(text).not.toContain('"usage":{');
  });

  test('state is private and no key is stored in clear', () => {
    for (const name of ['instance.json', 'admin.key', 'control.db']) {
      expect(statSync(join(tailrace.stateDir, name)).mode & 0o077, name).toBe(0);
    }
  });

  test('what was served is in the ledger and in the answers', async () => {
    await eventually(async () => ((await health()).ledger.recordsTotal >= 2 ? true : null));
    const asked = await tailrace.cli('ask', '--json');
    const answers = JSON.parse(asked.stdout) as {
      services: Array<{ service: string; simulated: string; requests: { total: number } }>;
    };
    expect(answers.services).toMatchObject([
      { service: 'chat', simulated: 'all', requests: { total: 2 } },
    ]);
    // Two requests cannot carry a p99: that is a red flag, not an answer.
    expect(asked.code).toBe(3);
    expect((await tailrace.cli('ask')).stdout).toContain('too few');
  });

  test('a service key opens no control endpoint, a foreign host no endpoint at all', async () => {
    const withKey = (headers: Record<string, string>) =>
      fetch(`${tailrace.url}/api/v1/health`, { headers });
    expect((await withKey({})).status).toBe(401);
    expect((await withKey({ authorization: `Bearer ${tailrace.key}` })).status).toBe(403);
    const metrics = await tailrace.api('/metrics');
    expect(await metrics.text()).toMatch(/tailrace_requests_total\{[^}]*service="chat"[^}]*\} 2/);
  });

  test('keys made by the command line work at once and stop when revoked', async () => {
    const made = JSON.parse((await tailrace.cli('keys', 'create', 'robot', '--json')).stdout) as {
      id: string;
      key: string;
    };
    const ask = () =>
      fetch(`${tailrace.url}/v1/models`, { headers: { authorization: `Bearer ${made.key}` } });
    await eventually(async () => ((await ask()).status === 200 ? true : null));
    expect((await tailrace.cli('keys', 'revoke', made.id)).code).toBe(0);
    await eventually(async () => ((await ask()).status === 401 ? true : null));
  });

  test.each(['worker-1', 'control', 'engine-simulated-h100'])(
    'kill -9 of %s: it comes back and serving goes on',
    async (slot) => {
      const pid = await pidOf(tailrace, slot);
      process.kill(pid, 'SIGKILL');
      await eventually(async () => ((await pidOf(tailrace, slot)) === pid ? null : true));
      await eventually(async () =>
        (await tailrace.chat({ max_tokens: 2 })).status === 200 ? true : null,
      );
      await eventually(async () =>
        (await tailrace.api('/api/v1/health')).status === 200 ? true : null,
      );
    },
  );

  test('SIGTERM drains: a stream under way ends as it should, and its record is kept', async () => {
    const before = (await eventually(health)).ledger.recordsTotal;
    const stream = await tailrace.chat({ max_tokens: 80, stream: true, ignore_eos: true });
    const body = stream.text();
    await new Promise((resolve) => setTimeout(resolve, 100));
    const [code, text] = await Promise.all([tailrace.stop(), body]);
    expect(code).toBe(0);
    expect(text).toContain('[DONE]');
    expect(existsSync(join(tailrace.stateDir, 'instance.json'))).toBe(false);
    // Nothing runs: the command line reads the state folder itself.
    const offline = await tailrace.cli('ask', '--json');
    const answers = JSON.parse(offline.stdout) as {
      services: Array<{ requests: { total: number } }>;
    };
    expect(answers.services[0]?.requests.total).toBeGreaterThan(before);
  });
});

/** The process of a slot, by the command line that Linux shows for it. */
async function pidOf(tailrace: RunningTailrace, slot: string): Promise<number> {
  const { readdir, readFile } = await import('node:fs/promises');
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    const environ = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    if (
      environ.includes(`TAILRACE_SLOT=${slot}\0`) &&
      environ.includes(`TAILRACE_DATA=${tailrace.stateDir}\0`)
    ) {
      return Number(pid);
    }
  }
  throw new Error(`no process for ${slot}`);
}

const configWith = (model: string, more = ''): string => `
services:
  - { name: chat, owner: team, models: [${model}], route: r }
routes:
  - { name: r, engines: [{ engine: sim }] }
engines:
  - name: sim
    simulated: {}
    hardware: { accelerator: h100-sxm, model: llama-3.1-8b }
${more}`;

describe('with a configuration file', () => {
  test('a good change is taken up while it runs, a bad one is refused and the old goes on', async () => {
    const home = (await import('node:fs')).mkdtempSync(
      join((await import('node:os')).tmpdir(), 'tailrace-e2e-'),
    );
    const file = join(home, 'tailrace.yaml');
    writeFileSync(file, configWith('first'));
    const tailrace = await startTailrace({ home });
    try {
      const status = async (model: string) =>
        (await tailrace.chat({ model, max_tokens: 2 })).status;
      expect(await status('first')).toBe(200);
      writeFileSync(file, configWith('second'));
      await eventually(async () => ((await status('second')) === 200 ? true : null));
      expect(await status('first')).toBe(404);
      writeFileSync(file, configWith('third', 'ruotes: []\n'));
      await eventually(async () => (tailrace.output().includes('refused') ? true : null));
      expect(tailrace.output()).toContain('routes');
      expect(await status('second')).toBe(200);
      expect(await status('third')).toBe(404);
    } finally {
      await tailrace.stop();
      tailrace.remove();
    }
  });

  test('a bad file at the start is an error with line, column and the nearest key', async () => {
    const home = (await import('node:fs')).mkdtempSync(
      join((await import('node:os')).tmpdir(), 'tailrace-e2e-'),
    );
    writeFileSync(join(home, 'tailrace.yaml'), configWith('first', 'servr: {}\n'));
    await expect(startTailrace({ home })).rejects.toThrow(/tailrace\.yaml:10:1.*server/s);
  });

  test('kill -9 of the supervisor: workers settle what is in flight, and the record is kept', async () => {
    const tailrace = await startTailrace();
    const stream = await tailrace.chat({ max_tokens: 2_000, stream: true, ignore_eos: true });
    const reader = stream.body?.getReader();
    await reader?.read();
    await tailrace.stop('SIGKILL');
    await reader?.cancel().catch(() => undefined);
    await eventually(async () => {
      const { stdout } = await tailrace.cli('ask', '--json');
      return stdout.includes('"total": 1') ? true : null;
    });
    tailrace.remove();
  });

  test('a second instance on the same port is refused, though workers share theirs', async () => {
    const tailrace = await startTailrace({ args: ['--workers', '2'] });
    const { port } = new URL(tailrace.url);
    await expect(startTailrace({ args: ['--port', port] })).rejects.toThrow('TR_PORT_IN_USE');
    expect((await tailrace.chat({ max_tokens: 1 })).status).toBe(200);
    await tailrace.stop();
    tailrace.remove();
  });

  test('a second instance on the same state is refused', async () => {
    const tailrace = await startTailrace();
    await expect(startTailrace({ home: tailrace.home })).rejects.toThrow('TR_STATE_LOCKED');
    // The refused one has nothing to tidy: commands still find the one that runs.
    expect(existsSync(join(tailrace.stateDir, 'instance.json'))).toBe(true);
    expect((await tailrace.cli('status')).code).toBe(0);
    await tailrace.stop();
    tailrace.remove();
  });
});
