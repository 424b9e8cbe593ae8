import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { z } from 'zod';
import { fail, ok, TailraceError, type Result } from '../../../records/errors.ts';
import type { KubeAccess } from './kube-access.ts';

/** Reads lists of an API server. There is no way to write through it. */
export interface KubeClient {
  /**
   * All objects of a list such as `/api/v1/pods`, page by page. Null when the server has no such
   * kind (404). Errors: TR_CLUSTER_ACCESS (not let in, or no right to list), TR_CLUSTER_DOWN.
   */
  list<T extends z.ZodType>(path: string, item: T): Promise<Result<Array<z.infer<T>> | null>>;
  /** One object; null on 404. */
  get<T extends z.ZodType>(path: string, object: T): Promise<Result<z.infer<T> | null>>;
  close(): Promise<void>;
}

/** Objects in one page, and pages at most: 500,000 objects. */
const PAGE_OBJECTS = 500;
const MAX_PAGES = 1000;
/** Largest body that is read: one page of the largest objects that etcd takes (1.5 MiB each). */
const MAX_BODY_BYTES = 256 * 1024 * 1024;
const TIMEOUT_MS = 30_000;
/** A list that changed too much between pages (410 Gone) is begun again this often. */
const RESTARTS = 2;
/** So often more a server that is busy is asked, and so long it may make us wait each time. */
const BUSY_TRIES = 2;
const MAX_RETRY_MS = 30_000;

const listBody = z.object({
  metadata: z.object({ continue: z.string().optional() }).optional(),
  items: z.array(z.unknown()).nullish(),
});

/** A client for one server. Redirects are not followed: the token would go with them. */
export function createKubeClient(access: KubeAccess): KubeClient {
  const agent = new Agent({
    connect: {
      timeout: TIMEOUT_MS,
      rejectUnauthorized: !access.skipTlsVerify,
      ...(access.caPem === null ? {} : { ca: access.caPem }),
      ...(access.serverName === null ? {} : { servername: access.serverName }),
      ...(access.clientCertificatePem === null ? {} : { cert: access.clientCertificatePem }),
      ...(access.clientKeyPem === null ? {} : { key: access.clientKeyPem }),
    },
  });
  const get: KubeClient['get'] = async (path, object) => {
    const answer = await askPatiently(access, agent, path);
    if (!answer.ok) return answer;
    const { status, body } = answer.value;
    if (status === 404) return ok(null);
    if (status !== 200) return refused(access, path, status, body);
    const parsed = object.safeParse(body);
    return parsed.success ? ok(parsed.data) : unreadable(access, path, parsed.error);
  };
  return {
    get,
    close: () => agent.close(),
    list: async (path, item) => {
      for (let tries = 0; ; tries += 1) {
        const listed = await listOnce(get, access, path, item);
        if (listed.ok || listed.error.field !== 'continue' || tries >= RESTARTS) return listed;
      }
    },
  };
}

async function listOnce<T extends z.ZodType>(
  get: KubeClient['get'],
  access: KubeAccess,
  path: string,
  item: T,
): Promise<Result<Array<z.infer<T>> | null>> {
  const items: Array<z.infer<T>> = [];
  let next = '';
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const query = new URLSearchParams({ limit: String(PAGE_OBJECTS) });
    if (next !== '') query.set('continue', next);
    const answer = await get(
      `${path}${path.includes('?') ? '&' : '?'}${query.toString()}`,
      listBody,
    );
    if (!answer.ok) return answer;
    if (answer.value === null) return ok(null);
    for (const [i, raw] of (answer.value.items ?? []).entries()) {
      const parsed = item.safeParse(raw);
      if (!parsed.success)
        return unreadable(access, `${path} item ${items.length + i}`, parsed.error);
      items.push(parsed.data);
    }
    next = answer.value.metadata?.continue ?? '';
    if (next === '') return ok(items);
  }
  return fail('TR_CLUSTER_DOWN', `${path} has more than ${PAGE_OBJECTS * MAX_PAGES} objects`);
}

/** A server that is busy (429, with Retry-After; API Priority and Fairness) is asked again, twice at most. */
async function askPatiently(
  access: KubeAccess,
  agent: Agent,
  path: string,
): Promise<Result<Answer>> {
  for (let tries = 0; ; tries += 1) {
    const answer = await ask(access, agent, path);
    if (!answer.ok || answer.value.status !== 429 || tries >= BUSY_TRIES) return answer;
    await sleep(Math.min(MAX_RETRY_MS, answer.value.retryAfterS * 1000));
  }
}

interface Answer {
  status: number;
  body: unknown;
  retryAfterS: number;
}

async function ask(access: KubeAccess, agent: Agent, path: string): Promise<Result<Answer>> {
  try {
    const token = await access.token();
    const response = await request(`${access.server}${path}`, {
      dispatcher: agent,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: {
        accept: 'application/json',
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
    });
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of response.body) {
      const data = Buffer.from(chunk);
      bytes += data.length;
      if (bytes > MAX_BODY_BYTES)
        return fail('TR_CLUSTER_DOWN', `${path}: the answer is too large`);
      chunks.push(data);
    }
    const retryAfterS = Number(response.headers['retry-after'] ?? 1) || 1;
    const body = parseJson(Buffer.concat(chunks));
    return ok({ status: response.statusCode, body, retryAfterS });
  } catch (cause) {
    if (cause instanceof TailraceError) return { ok: false, error: cause };
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `${access.server} cannot be reached (${reason}); check ${access.source}`;
    return fail('TR_CLUSTER_DOWN', message, { cause });
  }
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return null;
  }
}

const statusBody = z.object({ message: z.string() });

function refused(
  access: KubeAccess,
  path: string,
  status: number,
  body: unknown,
): { ok: false; error: TailraceError } {
  const parsed = statusBody.safeParse(body);
  const said = parsed.success ? `: ${parsed.data.message}` : '';
  const [list] = path.split('?');
  if (status === 401 || status === 403) {
    const fix =
      status === 401
        ? `check ${access.source}`
        : 'give it the right to list (`tailrace cluster rbac` prints the role)';
    return fail('TR_CLUSTER_ACCESS', `${list} is refused (${status}${said}); ${fix}`);
  }
  const expired = status === 410 ? { field: 'continue' } : {};
  return fail('TR_CLUSTER_DOWN', `${list} answers ${status}${said}`, expired);
}

function unreadable(
  access: KubeAccess,
  path: string,
  error: z.ZodError,
): { ok: false; error: TailraceError } {
  const [issue] = error.issues;
  const where = issue?.path.join('.') || 'the body';
  const [list] = path.split('?');
  return fail(
    'TR_CLUSTER_DOWN',
    `${list}: ${where} is not that of a Kubernetes API: ${access.server}`,
  );
}
