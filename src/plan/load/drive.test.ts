import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../records/clock.ts';
import { countTokens } from '../../records/token-count.ts';
import type { TraceRow } from '../../records/traces/trace-row.ts';
import { createChatSender, type ChatSender } from './chat-sender.ts';
import { drive, type DriveOptions, type DriveResult } from './drive.ts';
import type { LoadOutcome } from './outcome.ts';
import { createTally, type Tally } from './tally.ts';
import { parseTarget } from './target.ts';

interface Ask {
  model: string;
  max_tokens: number;
  ignore_eos: boolean;
  messages: Array<{ content: string }>;
}

type Answer = (ask: Ask, res: ServerResponse, req: IncomingMessage) => void | Promise<void>;

let server: Server | null = null;
let sender: ChatSender | null = null;

afterEach(async () => {
  await sender?.close();
  server?.closeAllConnections();
  await new Promise((done) => (server === null ? done(null) : server.close(done)));
  server = null;
  sender = null;
});

/** An OpenAI-like server of this test's own. */
async function serve(answer: Answer): Promise<string> {
  const started = createServer((req, res) => {
    let body = '';
    req.setEncoding('utf8');
    req.on('data', (part: string) => (body += part));
    req.on('end', () => void answer(JSON.parse(body) as Ask, res, req));
  });
  server = started;
  await new Promise<void>((done) => started.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}`;
}

const frame = (payload: unknown): string => `data: ${JSON.stringify(payload)}\n\n`;
let served = 0;

/** Streams what was asked, counting the prompt by the shared tokenizer. */
function stream(ask: Ask, res: ServerResponse): void {
  served += 1;
  res.writeHead(200, {
    'content-type': 'text/event-stream',
    'x-request-id': `id-${served}`,
    'x-tailrace-simulated': 'true',
  });
  for (let i = 0; i < ask.max_tokens; i += 1) {
    res.write(frame({ choices: [{ delta: { content: ' a' } }] }));
  }
  const usage = {
    prompt_tokens: countTokens(ask.messages[0]?.content ?? ''),
    completion_tokens: ask.max_tokens,
  };
  res.end(`${frame({ choices: [], usage })}data: [DONE]\n\n`);
}

const rowsAt = (times: number[]): TraceRow[] =>
  times.map((atMs, i) => ({ atMs, inputTokens: 20 + i, outputTokens: 3, blockIds: null }));

interface Run {
  tally: Tally;
  result: DriveResult;
  outcomes: LoadOutcome[];
}

async function run(
  url: string,
  rows: TraceRow[],
  extra: Partial<DriveOptions> & { connections?: number } = {},
): Promise<Run> {
  const target = parseTarget(url, false);
  if (!target.ok) throw target.error;
  const { connections = 64, ...options } = extra;
  sender = createChatSender({
    target: target.value,
    key: 'tr_test',
    model: 'm',
    connections,
    clock: systemClock,
  });
  const tally = createTally();
  const outcomes: LoadOutcome[] = [];
  const result = await drive({
    rows,
    sender,
    tally,
    clock: systemClock,
    speed: 1,
    maxRequests: 1000,
    maxDurationMs: 20_000,
    maxInFlight: 1000,
    requestTimeoutMs: 20_000,
    graceMs: 50,
    signal: new AbortController().signal,
    onOutcome: (outcome) => outcomes.push(outcome),
    ...options,
  });
  return { tally, result, outcomes };
}

describe('a run that succeeds', () => {
  it('asks for the tokens of the rows and adds up what the replies report', async () => {
    const asks: Ask[] = [];
    const keys = new Set<string | undefined>();
    const url = await serve((ask, res, req) => {
      asks.push(ask);
      keys.add(req.headers.authorization);
      stream(ask, res);
    });
    const { tally, result } = await run(url, rowsAt([0, 5, 5, 30]));
    expect(result.stopped).toBe('end');
    expect(tally).toMatchObject({ sent: 4, succeeded: 4, failed: 0, unsent: 0, simulated: 4 });
    const asked = 20 + 21 + 22 + 23;
    expect(tally.tokens).toEqual({
      askedIn: asked,
      askedOut: 12,
      in: asked,
      out: 12,
      withoutUsage: 0,
    });
    expect(asks.every((ask) => ask.ignore_eos && ask.model === 'm')).toBe(true);
    expect([...keys]).toEqual(['Bearer tr_test']);
    expect(tally.remembered.size).toBe(4);
    const { ttft, tpot, e2e } = tally.latency();
    expect([ttft.count, tpot.count, e2e.count]).toEqual([4, 4, 4]);
  });

  it('does not wait for replies: arrivals come while the first is still open', async () => {
    const open: Array<() => void> = [];
    const url = await serve((ask, res) => {
      // Nothing is answered before all five have arrived: a closed loop would hang here.
      open.push(() => stream(ask, res));
      if (open.length === 5) for (const answer of open) answer();
    });
    const { tally } = await run(url, rowsAt([0, 1, 2, 3, 4]), { requestTimeoutMs: 5_000 });
    expect(tally).toMatchObject({ succeeded: 5, failed: 0 });
  });

  it('counts latency from the due time, also when the request had to wait for a connection', async () => {
    const url = await serve(async (ask, res) => {
      await delay(60);
      stream(ask, res);
    });
    const { outcomes } = await run(url, rowsAt([0, 0, 0]), { connections: 1 });
    const last = outcomes.at(-1);
    // Two replies of 60 ms each stood before the third.
    expect(last?.lateMs).toBeGreaterThan(100);
    expect(last?.e2eMs).toBeGreaterThan(160);
    expect(last?.ttftMs).toBeGreaterThan(160);
  });

  it('plays faster by the speed', async () => {
    const url = await serve(stream);
    const { result } = await run(url, rowsAt([0, 2_000]), { speed: 20 });
    expect(result.askedMs).toBeCloseTo(100);
    expect(result.totalMs).toBeLessThan(1_500);
  });
});

describe('bounds', () => {
  it('stops at the count', async () => {
    const url = await serve(stream);
    const { tally, result } = await run(url, rowsAt([0, 0, 0, 0]), { maxRequests: 2 });
    expect([tally.sent, result.stopped]).toEqual([2, 'count']);
  });

  it('stops at the time', async () => {
    const url = await serve(stream);
    const { tally, result } = await run(url, rowsAt([0, 10, 60_000]), { maxDurationMs: 50 });
    expect([tally.sent, result.stopped]).toEqual([2, 'time']);
  });

  it('does not send beyond the in-flight bound, and counts that', async () => {
    const url = await serve(async (ask, res) => {
      await delay(80);
      stream(ask, res);
    });
    const { tally } = await run(url, rowsAt([0, 0, 0, 0, 0]), { maxInFlight: 2 });
    expect(tally).toMatchObject({ sent: 2, succeeded: 2, unsent: 3 });
  });

  it('gives up a request after its timeout', async () => {
    const url = await serve(() => undefined);
    const { tally } = await run(url, rowsAt([0, 0]), { requestTimeoutMs: 50 });
    expect([...tally.failures]).toEqual([['client_timeout', 2]]);
  });
});

describe('failures', () => {
  it('stops on a signal, with what came so far', async () => {
    const stop = new AbortController();
    const url = await serve((ask, res) => {
      if (ask.messages[0] !== undefined && countTokens(ask.messages[0].content) === 21) {
        res.writeHead(200, { 'content-type': 'text/event-stream' });
        res.write(frame({ choices: [{ delta: { content: 'a' } }] }));
        stop.abort();
        return;
      }
      stream(ask, res);
    });
    const { tally, result } = await run(url, rowsAt([0, 20, 60_000]), { signal: stop.signal });
    expect(result.stopped).toBe('interrupted');
    expect(tally).toMatchObject({ sent: 2, succeeded: 1, failed: 1 });
    expect([...tally.failures.keys()]).toEqual(['client_stopped']);
  });

  it('names what went wrong', async () => {
    const answers: Answer[] = [
      (_, res) => res.writeHead(429).end('{"error":{"code":"TR_QUEUE_FULL"}}'),
      (_, res) => res.writeHead(302, { location: 'http://192.0.2.1/' }).end(),
      (_, res) => {
        res.writeHead(200).write(frame({ choices: [{ delta: { content: 'a' } }] }));
        setTimeout(() => res.destroy(), 5);
      },
      (_, res) => res.writeHead(200).end('data: [DO\n\n'),
      (_, res) => res.writeHead(200).end(frame({ choices: [] })),
    ];
    const url = await serve((ask, res, req) => {
      const index = countTokens(ask.messages[0]?.content ?? '') - 20;
      void answers[index]?.(ask, res, req);
    });
    const { tally } = await run(url, rowsAt([0, 0, 0, 0, 0]));
    expect([...tally.failures.keys()].sort()).toEqual([
      'TR_QUEUE_FULL',
      'cut',
      'http_302',
      'incomplete',
      'invalid_reply',
    ]);
  });

  it('counts refused connections', async () => {
    const url = await serve(stream);
    await new Promise((done) => server?.close(done));
    server = null;
    const { tally } = await run(url, rowsAt([0, 0]));
    expect([...tally.failures]).toEqual([['connect', 2]]);
  });
});
