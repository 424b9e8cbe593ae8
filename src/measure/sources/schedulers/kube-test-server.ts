import { readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

const FIXTURES = new URL('../../../../test/fixtures/', import.meta.url);

/** `kubernetes` is written by hand, `kubernetes-real` was recorded from an API server. */
type Folder = 'kubernetes' | 'kubernetes-real';

export const kubeFixture = (name: string, folder: Folder = 'kubernetes'): string =>
  readFileSync(new URL(`${folder}/${name}`, FIXTURES), 'utf8');

/** Lists by path, as the fixtures hold them. */
const LISTS: Readonly<Record<string, string>> = {
  '/api/v1/nodes': 'nodes',
  '/api/v1/pods': 'pods',
  '/api/v1/resourcequotas': 'resourcequotas',
  '/apis/metrics.k8s.io/v1beta1/pods': 'podmetrics',
  '/apis/kueue.x-k8s.io/v1beta1/clusterqueues': 'clusterqueues',
  '/apis/kueue.x-k8s.io/v1beta1/localqueues': 'localqueues',
  '/apis/kueue.x-k8s.io/v1beta1/workloads': 'workloads',
};

export interface KubeTestServer {
  url: string;
  /** Method and path with query of every request so far. */
  requests: string[];
  close(): Promise<void>;
}

export interface KubeTestOptions {
  /** Bearer token to insist on. */
  token?: string;
  /** Serve https and insist on a client certificate. */
  tls?: boolean;
  /** Objects in one page, whatever the client asks for. */
  pageObjects?: number;
  /** Status to answer with, by path. */
  failures?: Readonly<Record<string, number>>;
  /** Replays what a real server of Kubernetes 1.31 answered; it had no Kueue and no metrics. */
  recorded?: boolean;
  /** Of what was recorded: as if it were answered now, since what is old reads otherwise. */
  asOfNow?: boolean;
  /** What a refusal says in Retry-After. */
  retryAfterS?: number;
}

/** An API server that replays the fixtures: paged lists, and refusals in its wire format. */
export async function startKubeServer(options: KubeTestOptions = {}): Promise<KubeTestServer> {
  const requests: string[] = [];
  const listener: RequestListener = (request, response) => {
    requests.push(`${request.method ?? ''} ${request.url ?? ''}`);
    const { status, body } = answer(
      request.url ?? '',
      request.headers.authorization ?? '',
      options,
    );
    const { retryAfterS } = options;
    response.writeHead(status, {
      'content-type': 'application/json',
      ...(retryAfterS === undefined ? {} : { 'retry-after': String(retryAfterS) }),
    });
    response.end(JSON.stringify(body));
  };
  const server =
    options.tls === true ? createTlsServer(tlsOptions(), listener) : createServer(listener);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${options.tls === true ? 'https' : 'http'}://127.0.0.1:${port}`,
    requests,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

const tlsOptions = () => ({
  ca: kubeFixture('tls/ca.pem'),
  cert: kubeFixture('tls/server.pem'),
  key: kubeFixture('tls/server.key'),
  requestCert: true,
  rejectUnauthorized: true,
});

const failure = (code: number, message: string): { status: number; body: unknown } => ({
  status: code,
  body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, code },
});

function answer(
  url: string,
  authorization: string,
  { token, pageObjects = 500, failures = {}, recorded = false, asOfNow = false }: KubeTestOptions,
): { status: number; body: unknown } {
  if (token !== undefined && authorization !== `Bearer ${token}`)
    return failure(401, 'Unauthorized');
  const { pathname, searchParams } = new URL(url, 'http://server');
  const failed = failures[pathname];
  if (failed !== undefined) return failure(failed, `${pathname} is not for you`);
  if (recorded)
    return recordedAnswer(pathname, searchParams, asOfNow ? Date.now() - RECORDED_MS : 0);
  if (pathname === '/apis/kueue.x-k8s.io') {
    const preferredVersion = { groupVersion: 'kueue.x-k8s.io/v1beta1', version: 'v1beta1' };
    return { status: 200, body: { kind: 'APIGroup', name: 'kueue.x-k8s.io', preferredVersion } };
  }
  if (pathname === '/api/v1/events') return { status: 200, body: { metadata: {}, items: [] } };
  const name = LISTS[pathname];
  if (name === undefined) return failure(404, 'the server could not find the requested resource');
  const list = JSON.parse(kubeFixture(`${name}.json`)) as { metadata: object; items: unknown[] };
  const from = Number(searchParams.get('continue') ?? 0);
  const to = from + pageObjects;
  const more = to < list.items.length ? { continue: String(to) } : {};
  return {
    status: 200,
    body: { ...list, metadata: { ...list.metadata, ...more }, items: list.items.slice(from, to) },
  };
}

/** The newest time in the recorded answers. */
const RECORDED_MS = Date.parse('2026-11-28T03:01:33Z');

function recordedAnswer(
  pathname: string,
  search: URLSearchParams,
  laterMs: number,
): { status: number; body: unknown } {
  const events = search.get('fieldSelector') === 'reason=Pulled' ? 'pulled' : 'pulling';
  const name = pathname === '/api/v1/events' ? `events-${events}` : LISTS[pathname];
  if (name === undefined || pathname.startsWith('/apis/'))
    return failure(404, '404 page not found');
  const text = kubeFixture(`${name}.json`, 'kubernetes-real').replaceAll(
    /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g,
    (at) => new Date(Date.parse(at) + laterMs).toISOString(),
  );
  return { status: 200, body: JSON.parse(text) };
}
