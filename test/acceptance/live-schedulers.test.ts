import { execFileSync } from 'node:child_process';
import { Agent, request } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { findAccess } from '../../src/measure/sources/schedulers/find-access.ts';
import type { KubeAccess } from '../../src/measure/sources/schedulers/kube-access.ts';
import { createKubeClient } from '../../src/measure/sources/schedulers/kube-client.ts';
import { readCluster } from '../../src/measure/sources/schedulers/read-cluster.ts';
import { readSlurmSnapshot } from '../../src/measure/sources/schedulers/slurm-snapshot.ts';
import { systemAccessIo } from '../../src/measure/sources/schedulers/system-access-io.ts';
import { lookAtCluster } from '../../src/plan/cluster-replay/live/look-at-cluster.ts';
import { readerRole } from '../../src/plan/cluster-replay/live/reader-role.ts';

/**
 * Against real schedulers, where there are some: a kube-apiserver that may be written to (TAILRACE_TEST_KUBECONFIG, an
 * administrator's; TAILRACE_TEST_ETCD, its etcd over HTTP, for the test of expired pages), and the Slurm of this machine.
 */
const kubeconfig = process.env['TAILRACE_TEST_KUBECONFIG'] ?? null;
const etcd = process.env['TAILRACE_TEST_ETCD'] ?? null;
const NAMESPACE = 'tailrace-test';
const ROLE = 'tailrace-test-reader';
/** More than two pages. */
const PODS = 1_100;
const SINFO = 'sinfo';
const io = systemAccessIo(process.env);

let admin: KubeAccess;
let agent: Agent;

async function call(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown) {
  const { statusCode, body: reply } = await request(`${admin.server}${path}`, {
    method,
    dispatcher: agent,
    headers: { 'content-type': 'application/json' },
    body: body === undefined ? null : JSON.stringify(body),
  });
  return { status: statusCode, body: await reply.json() };
}

const as = (token: string) =>
  createKubeClient({
    ...admin,
    clientCertificatePem: null,
    clientKeyPem: null,
    token: async () => token,
    source: 'a service account',
  });

describe.skipIf(kubeconfig === null)('a real kube-apiserver', () => {
  beforeAll(async () => {
    const access = await findAccess({ kubeconfig, context: null }, io);
    if (!access.ok) throw access.error;
    admin = access.value;
    const { caPem: ca, clientCertificatePem: cert, clientKeyPem: key } = admin;
    agent = new Agent({ connect: { ca: ca ?? '', cert: cert ?? '', key: key ?? '' } });
    await call('POST', '/api/v1/namespaces', { metadata: { name: NAMESPACE } });
    const container = { name: 'main', image: 'x', resources: { requests: { cpu: '1m' } } };
    const spec = { containers: [container], automountServiceAccountToken: false };
    for (let i = 0; i < PODS; i += 1) {
      await call('POST', `/api/v1/namespaces/${NAMESPACE}/pods`, {
        metadata: { name: `p-${i}` },
        spec: { ...spec, schedulingGates: [{ name: 'tailrace.test/never' }] },
      });
    }
  }, 300_000);

  afterAll(async () => {
    await call('DELETE', `/api/v1/namespaces/${NAMESPACE}/pods`);
    await call('DELETE', `/apis/rbac.authorization.k8s.io/v1/clusterroles/${ROLE}`);
    await call('DELETE', `/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/${ROLE}`);
    await call('DELETE', `/api/v1/namespaces/${NAMESPACE}/serviceaccounts/${ROLE}`);
    await agent.close();
  });

  test('refuses an account without rights, and the printed role is all that it needs', async () => {
    const [account, ...rules] = parseAllDocuments(readerRole(ROLE, NAMESPACE)).map(
      (one) => one.toJS() as { kind: string },
    );
    const accounts = `/api/v1/namespaces/${NAMESPACE}/serviceaccounts`;
    await call('POST', accounts, account);
    const made = await call('POST', `${accounts}/${ROLE}/token`, { spec: {} });
    const { token } = z.object({ status: z.object({ token: z.string() }) }).parse(made.body).status;
    const client = as(token);
    const refused = await readCluster(client, 'real', Date.now());
    expect(refused).toMatchObject({ ok: false, error: { code: 'TR_CLUSTER_ACCESS' } });
    expect(refused.ok ? '' : refused.error.message).toContain('cannot list resource "nodes"');
    for (const rule of rules) {
      const path = `/apis/rbac.authorization.k8s.io/v1/${rule.kind.toLowerCase()}s`;
      expect((await call('POST', path, rule)).status).toBe(201);
    }
    const allowed = await readUntilAllowed(client);
    await client.close();
    expect(allowed.gaps).toEqual([]);
    // Every page came: all pods of the namespace, each once.
    const own = allowed.pods.filter(({ namespace }) => namespace === NAMESPACE);
    expect(own.length).toBe(PODS);
    expect(new Set(own.map(({ uid }) => uid)).size).toBe(PODS);
    const look = lookAtCluster(allowed, null);
    expect(look.parts.reduce((sum, { cards }) => sum + cards, 0)).toBeCloseTo(look.cards, 6);
  });

  test.skipIf(etcd === null)(
    'says that a page expired (410), and a new list succeeds',
    async () => {
      const client = createKubeClient(admin);
      const meta = z.object({
        metadata: z.object({ continue: z.string(), resourceVersion: z.string() }),
      });
      const first = await client.get('/api/v1/pods?limit=100', meta);
      if (!first.ok || first.value === null) throw new Error('there is no first page');
      const { continue: next } = first.value.metadata;
      await call('POST', '/api/v1/namespaces', {
        metadata: { name: `${NAMESPACE}-${Date.now()}` },
      });
      const status = z.object({ header: z.object({ revision: z.string() }) });
      const asked = await fetch(`${etcd}/v3/maintenance/status`, { method: 'POST', body: '{}' });
      const { revision } = status.parse(await asked.json()).header;
      const body = JSON.stringify({ revision, physical: true });
      expect((await fetch(`${etcd}/v3/kv/compaction`, { method: 'POST', body })).ok).toBe(true);
      const page = await client.get(
        `/api/v1/pods?limit=100&continue=${encodeURIComponent(next)}`,
        meta,
      );
      expect(page).toMatchObject({ ok: false, error: { field: 'continue' } });
      expect(page.ok ? '' : page.error.message).toContain('410');
      expect((await client.list('/api/v1/pods', z.object({}))).ok).toBe(true);
      await client.close();
    },
  );
});

/** RBAC is read from a cache of the server: a new role counts a moment later. */
async function readUntilAllowed(client: ReturnType<typeof createKubeClient>) {
  for (let tries = 0; tries < 20; tries += 1) {
    const read = await readCluster(client, 'real', Date.now());
    if (read.ok && read.value.gaps.length === 0) return read.value;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error('the role never came into force');
}

function hasSlurm(): boolean {
  try {
    execFileSync(SINFO, ['-h'], { stdio: 'ignore', timeout: 10_000 });
    return true;
  } catch {
    return false;
  }
}

test.skipIf(!hasSlurm())('the Slurm of this machine: every card is told', async () => {
  const about = { source: 'slurm', nowMs: Date.now() };
  const read = await readSlurmSnapshot(io, [], about);
  if (!read.ok) throw read.error;
  const printed = execFileSync(SINFO, ['-N', '-h', '-o', '%N %G'], { encoding: 'utf8' });
  const cards = new Map(
    printed.split('\n').map((line) => {
      const [node = '', gres = ''] = line.split(' ');
      return [node, Number(/gpu:(?:\w+:)?(\d+)/.exec(gres)?.[1] ?? 0)];
    }),
  );
  const look = lookAtCluster(read.value, null);
  expect(look.cards).toBe([...cards.values()].reduce((sum, one) => sum + one, 0));
  expect(look.parts.reduce((sum, part) => sum + part.cards, 0)).toBeCloseTo(look.cards, 9);
});
