import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../records/clock.ts';
import { type CommandContext, EXIT, type Command } from './command.ts';
import { instanceOver, openRunningInstance } from './instance.ts';
import { openTestCli, type TestCli } from './test-cli.ts';

const ADMIN_KEY = 'tr_admin-of-this-test';
let cli: TestCli;
let closing: Array<() => Promise<void>> = [];

/** Shows what `openRunningInstance` found, through the frame as commands see it. */
const probe: Command = {
  name: 'probe',
  summary: 'find the running instance',
  usage: 'tailrace probe',
  description: '',
  examples: [],
  options: {},
  positionalsMax: 1,
  async run(context: CommandContext) {
    const instance = await openRunningInstance(context);
    context.stdout.write(instance === null ? 'none' : `${instance.mode} ${instance.record?.url}`);
    const [path] = context.positionals;
    if (instance !== null && path !== undefined) await instance.getJson(path);
    return EXIT.ok;
  },
};

beforeEach(() => {
  cli = openTestCli(systemClock, [probe]);
  mkdirSync(cli.stateDir);
});

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  cli.close();
});

/** A server that is not, or not quite, a control server. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done);
  });
  closing.push(
    () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  );
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function writeRecord(url: string, mode = 0o600): string {
  const file = join(cli.stateDir, 'instance.json');
  const record = { url, adminKey: ADMIN_KEY, pid: 4242, startedAtMs: 1, version: '0.0.0' };
  writeFileSync(file, JSON.stringify(record));
  chmodSync(file, mode);
  return file;
}

const answer =
  (status: number, body: unknown): RequestListener =>
  (_, res) => {
    res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };

const coded = (code: string) => ({
  error: { code, message: `because of ${code}`, field: 'here', requestId: 'r' },
});

describe('openRunningInstance', () => {
  it('finds an instance that answers, and shows it the admin key', async () => {
    const seen: Array<string | undefined> = [];
    const url = await serve((req, res) => {
      seen.push(`${req.url} ${req.headers.authorization}`);
      res.end('{}');
    });
    writeRecord(url);
    expect(await cli.run('probe')).toEqual({ code: 0, out: `running ${url}`, err: '' });
    expect(seen).toEqual([`/api/v1/health Bearer ${ADMIN_KEY}`]);
  });

  it('finds one whose ledger is restarting, and passes its errors on', async () => {
    const url = await serve(answer(503, coded('TR_CONTROL_DOWN')));
    writeRecord(url);
    expect(await cli.run('probe', '/api/v1/answers')).toEqual({
      code: 1,
      out: `running ${url}`,
      err: 'error TR_CONTROL_DOWN: because of TR_CONTROL_DOWN\n',
    });
  });

  it('is quiet where there is no record', async () => {
    expect(await cli.run('probe')).toEqual({ code: 0, out: 'none', err: '' });
  });

  it('does not use a record that others can read or write', async () => {
    const url = await serve(answer(200, {}));
    for (const mode of [0o644, 0o640, 0o602]) {
      const file = writeRecord(url, mode);
      const { out, err } = await cli.run('probe');
      expect(out).toBe('none');
      expect(err).toContain(`has mode ${mode.toString(8)}`);
      expect(err).toContain(`chmod 600 ${file}`);
      expect(err).not.toContain(ADMIN_KEY);
    }
  });

  it('does not use a damaged record', async () => {
    const file = writeRecord('http://127.0.0.1:1');
    for (const text of ['', '{', '[]', '{"url":"ftp://x"}', 'x'.repeat(70_000)]) {
      writeFileSync(file, text);
      const { out, err } = await cli.run('probe');
      expect({ out, err }).toEqual({
        out: 'none',
        err: expect.stringMatching(/^warning: .*instance\.json is not an instance file/),
      });
    }
  });

  it('leaves alone what took the port of an instance that died', async () => {
    const strangers: Array<[RequestListener, string]> = [
      [answer(404, { hello: 'world' }), 'does not know its own admin key'],
      [answer(401, coded('TR_AUTH_INVALID')), 'does not know its own admin key'],
      [(req) => req.socket.destroy(), 'does not answer'],
    ];
    for (const [listener, why] of strangers) {
      writeRecord(await serve(listener));
      const { out, err } = await cli.run('probe');
      expect(out).toBe('none');
      expect(err).toContain(`(process 4242, http://127.0.0.1:`);
      expect(err).toContain(`${why}; reading its state instead`);
    }
  });
});

describe('an instance', () => {
  const over = (url: string) =>
    instanceOver(
      { base: url, adminKey: ADMIN_KEY, send: fetch, signal: new AbortController().signal },
      { mode: 'running', stateDir: cli.stateDir, record: null },
      async () => {},
    );

  it('passes codes on and does not pretend to know others', async () => {
    const known = over(await serve(answer(404, coded('TR_NOT_FOUND'))));
    await expect(known.getJson('/x')).rejects.toMatchObject({
      code: 'TR_NOT_FOUND',
      field: 'here',
    });
    for (const body of [coded('TR_FROM_THE_FUTURE'), coded('toString'), 'text', null]) {
      const unknown = over(await serve(answer(418, body)));
      await expect(unknown.getJson('/x')).rejects.toMatchObject({
        code: 'TR_UPSTREAM_INVALID',
        message: 'the instance answered status 418',
      });
    }
  });

  it('downloads a file that appears whole, for its owner only', async () => {
    const bytes = Buffer.alloc(300_000, 'parquet');
    const url = await serve((_, res) => {
      res.writeHead(200, { 'x-tailrace-rows': '7' }).end(bytes);
    });
    const file = join(cli.dir, 'out.parquet');
    expect(await over(url).download('/x', file)).toEqual({ bytes: 300_000, rows: 7 });
    expect(statSync(file)).toMatchObject({ size: 300_000 });
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('leaves nothing behind when a download breaks or has nowhere to go', async () => {
    const url = await serve((_, res) => {
      res.writeHead(200, { 'content-length': '1000' });
      res.write('half', () => res.destroy());
    });
    const failed = { code: 'TR_EXPORT_FAILED', field: 'out' };
    await expect(over(url).download('/x', join(cli.dir, 'a'))).rejects.toMatchObject(failed);
    const whole = over(await serve((_, res) => void res.end('all')));
    await expect(whole.download('/x', join(cli.dir, 'no', 'a'))).rejects.toMatchObject(failed);
    expect(readdirSync(cli.dir)).toEqual(['.tailrace']);
    expect(existsSync(join(cli.dir, 'a'))).toBe(false);
  });
});
