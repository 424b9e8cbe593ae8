import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readJsonBody } from '../../src/plan/live/read-body.ts';

/** How an endpoint in front of an honest one bends what it says. `every`: one request in so many, from the first on. */
export type Lie =
  | { kind: 'none' }
  /** Another model under the same name, from a chat on, for one seeded chat in so many: its answers to the seed differ. */
  | { kind: 'drift'; fromChat: number; every: number }
  /** Streams that end early as if they were whole. */
  | { kind: 'cut-stream'; every: number }
  /** A frame that is no JSON. */
  | { kind: 'garbled-stream'; every: number }
  | { kind: 'usage'; promptFactor: number; replyFactor: number; every: number };

export interface LyingEndpoint {
  url: string;
  /** Requests that came, of any kind. */
  requests(): number;
  close(): Promise<void>;
}

/** Starts an endpoint on loopback that passes everything to `upstream` (its /v1) but for the lie. Asks for `key`. */
export async function startLyingEndpoint(
  upstream: string,
  lie: Lie,
  key = 'sk-right',
): Promise<LyingEndpoint> {
  let requests = 0;
  let chats = 0;
  let seeded = 0;
  const server = createServer((request, response) => {
    requests += 1;
    void answer(request, response).catch(() => response.destroy());
  });
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.headers.authorization !== `Bearer ${key}`) {
      return sendJson(response, 401, { error: { message: 'wrong key', type: 'auth' } });
    }
    const url = `${upstream}${(request.url ?? '').replace(/^\/v1/, '')}`;
    if (request.method === 'GET') return pass(await fetch(url), response, { kind: 'none' });
    const body = await readJsonBody(request);
    if (!body.ok) return sendJson(response, 400, { error: { message: body.error.message } });
    const isDrifted = lie.kind === 'drift' && chats >= lie.fromChat && seeded % lie.every === 0;
    const asked = body.value;
    const isSeeded = typeof asked === 'object' && asked !== null && 'seed' in asked;
    if (isSeeded) seeded += 1;
    const bent = isDrifted && isSeeded ? { ...asked, seed: 4_242 } : asked;
    const reply = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(bent),
    });
    const isTurn = 'every' in lie && chats % lie.every === 0;
    if (reply.ok) chats += 1;
    await pass(reply, response, isTurn ? lie : { kind: 'none' });
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests: () => requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function pass(reply: Response, response: ServerResponse, lie: Lie): Promise<void> {
  const type = reply.headers.get('content-type') ?? '';
  const simulated = reply.headers.get('x-tailrace-simulated') ?? '';
  response.writeHead(reply.status, { 'content-type': type, 'x-tailrace-simulated': simulated });
  if (!type.startsWith('text/event-stream')) {
    response.end(bendText(await reply.text(), lie));
    return;
  }
  if (lie.kind === 'none') {
    for await (const chunk of reply.body ?? []) response.write(chunk);
    response.end();
    return;
  }
  response.end(bendStream(await reply.text(), lie));
}

function bendStream(text: string, lie: Lie): string {
  const frames = text.split('\n\n').filter((frame) => frame !== '');
  if (lie.kind === 'cut-stream') return `${frames.slice(0, 6).join('\n\n')}\n\n`;
  if (lie.kind === 'garbled-stream') {
    return `${frames.with(3, 'data: {"choices":[{"delta":{"content"').join('\n\n')}\n\n`;
  }
  return `${frames.map((frame) => bendText(frame, lie)).join('\n\n')}\n\n`;
}

/** Counts in a frame or a body, multiplied. */
function bendText(text: string, lie: Lie): string {
  if (lie.kind !== 'usage') return text;
  const usage =
    /"usage":\{"prompt_tokens":(\d+),"completion_tokens":(\d+),"total_tokens":\d+\}/.exec(text);
  if (usage === null) return text;
  const prompt = Math.round(Number(usage[1]) * lie.promptFactor);
  const reply = Math.round(Number(usage[2]) * lie.replyFactor);
  const bent = { prompt_tokens: prompt, completion_tokens: reply, total_tokens: prompt + reply };
  return text.replace(usage[0], `"usage":${JSON.stringify(bent)}`);
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
