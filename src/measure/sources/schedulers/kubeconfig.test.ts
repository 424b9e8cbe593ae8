import { describe, expect, it } from 'vitest';
import { findAccess } from './find-access.ts';
import type { KubeAccessIo } from './kube-access.ts';

const CONFIG = `
apiVersion: v1
kind: Config
current-context: dev
contexts:
- {name: dev, context: {cluster: c1, user: cert}}
- {name: prod, context: {cluster: c2, user: plugin}}
- {name: file, context: {cluster: c2, user: file}}
- {name: old, context: {cluster: c2, user: old}}
- {name: broken, context: {cluster: none, user: cert}}
clusters:
- {name: c1, cluster: {server: "https://10.0.0.1:6443/", certificate-authority-data: "${Buffer.from('CA').toString('base64')}"}}
- {name: c2, cluster: {server: "https://prod.example", certificate-authority: ca.pem, tls-server-name: kubernetes}}
users:
- {name: cert, user: {client-certificate-data: "${Buffer.from('CERT').toString('base64')}", client-key: /keys/key.pem}}
- {name: plugin, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: get-token, args: [--cluster, prod], env: [{name: PROFILE, value: p}]}}}
- {name: file, user: {tokenFile: token}}
- {name: old, user: {auth-provider: {name: gcp}}}
`;

function fakeIo(files: Record<string, string>, env: Record<string, string> = {}) {
  const calls: unknown[] = [];
  const io: KubeAccessIo = {
    env,
    readFile: async (path) => {
      const text = files[path];
      if (text === undefined) throw new Error(`ENOENT ${path}`);
      return text;
    },
    exec: async (...call) => {
      calls.push(call);
      return '{"kind":"ExecCredential","status":{"token":"from-plugin"}}';
    },
  };
  return { io, calls };
}

const FILES = {
  '/k/config': CONFIG,
  '/k/ca.pem': 'CA2',
  '/keys/key.pem': 'KEY',
  '/k/token': 'from-file\n',
};
const find = (context: string | null, io: KubeAccessIo) =>
  findAccess({ kubeconfig: '/k/config', context }, io);

describe('kubeconfig', () => {
  it('reads the current context: data in the file, paths beside it or absolute', async () => {
    const access = await find(null, fakeIo(FILES).io);
    expect(access).toMatchObject({
      ok: true,
      value: {
        server: 'https://10.0.0.1:6443',
        caPem: 'CA',
        clientCertificatePem: 'CERT',
        clientKeyPem: 'KEY',
        source: '/k/config, context dev',
      },
    });
  });

  it('asks a plug-in for the token each time, in its own environment', async () => {
    const { io, calls } = fakeIo(FILES);
    const access = await find('prod', io);
    if (!access.ok) throw access.error;
    expect(access.value).toMatchObject({ caPem: 'CA2', serverName: 'kubernetes' });
    expect(calls).toEqual([]);
    expect(await access.value.token()).toBe('from-plugin');
    expect(calls).toMatchObject([['get-token', ['--cluster', 'prod'], { PROFILE: 'p' }]]);
  });

  it('keeps what a plug-in gave until shortly before its end', async () => {
    let nowMs = Date.UTC(2026, 0, 1);
    const ends: Array<string | null> = ['2026-01-01T00:10:00Z', null];
    let asked = 0;
    const { io } = fakeIo(FILES);
    const exec = async () => {
      const status = { token: `t${asked}`, expirationTimestamp: ends[asked] ?? null };
      asked += 1;
      return JSON.stringify({ kind: 'ExecCredential', status });
    };
    const plugin = await find('prod', { ...io, exec, nowMs: () => nowMs });
    if (!plugin.ok) throw plugin.error;
    const token = () => plugin.value.token();
    expect([await token(), await token()]).toEqual(['t0', 't0']);
    nowMs += 9 * 60_000;
    expect(await token()).toBe('t0');
    nowMs += 45_000;
    expect([await token(), await token()]).toEqual(['t1', 't1']);
    nowMs += 86_400_000;
    expect(await token()).toBe('t1');
  });

  it('reads a token file, and refuses what a plug-in gives that is no token, without showing it', async () => {
    const file = await find('file', fakeIo(FILES).io);
    expect(file.ok && (await file.value.token())).toBe('from-file');
    const { io } = fakeIo(FILES);
    const plugin = await find('prod', { ...io, exec: async () => 'SECRET not json' });
    if (!plugin.ok) throw plugin.error;
    await expect(plugin.value.token()).rejects.toThrow(
      'credential plug-in get-token gave no token',
    );
    await expect(plugin.value.token()).rejects.not.toThrow('SECRET');
  });

  it.each([
    [
      'nope',
      CONFIG,
      'there is no context "nope"; give --context one of: dev, prod, file, old, broken',
    ],
    ['broken', CONFIG, 'there is no cluster "none"'],
    ['old', CONFIG, 'auth-provider and passwords went out'],
    ['dev', CONFIG.replace('https://10.0.0.1:6443/', 'ftp://x'), 'server is not an http address'],
    ['dev', 'contexts: 7', 'contexts is not that of a kubeconfig file'],
    ['dev', '{{{', 'the file is not that of a kubeconfig file'],
    ['dev', CONFIG.replace('/keys/key.pem', '/keys/none.pem'), 'cannot be read'],
  ])('refuses context %s with the entry at fault', async (context, text, message) => {
    const access = await find(context, fakeIo({ ...FILES, '/k/config': text }).io);
    expect(access).toMatchObject({ ok: false, error: { code: 'TR_CLUSTER_ACCESS' } });
    expect(access.ok ? '' : access.error.message).toContain(message);
  });

  it('takes KUBECONFIG, then the service account of the pod, then the home folder', async () => {
    const nothing = { kubeconfig: null, context: null };
    const account = '/var/run/secrets/kubernetes.io/serviceaccount';
    const pod = {
      KUBERNETES_SERVICE_HOST: 'fd00::1',
      KUBERNETES_SERVICE_PORT: '6443',
      HOME: '/k',
    };
    const files = { ...FILES, [`${account}/ca.crt`]: 'POD', [`${account}/token`]: 't1\n' };
    const fromEnv = await findAccess(
      nothing,
      fakeIo(files, { ...pod, KUBECONFIG: '/k/config:/x' }).io,
    );
    expect(fromEnv.ok && fromEnv.value.caPem).toBe('CA');
    const fromPod = await findAccess(nothing, fakeIo(files, pod).io);
    expect(fromPod.ok && [fromPod.value.server, await fromPod.value.token()]).toEqual([
      'https://[fd00::1]:6443',
      't1',
    ]);
    const home = { ...files, '/k/.kube/config': CONFIG };
    const fromHome = await findAccess(nothing, fakeIo(home, { HOME: '/k' }).io);
    expect(fromHome.ok && fromHome.value.source).toBe('/k/.kube/config, context dev');
  });
});
