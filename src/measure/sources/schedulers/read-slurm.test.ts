import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { KubeAccessIo } from './kube-access.ts';
import { readSlurm } from './read-slurm.ts';

const SACCT = readFileSync(
  new URL('../../../../test/fixtures/openb/sacct.txt', import.meta.url),
  'utf8',
);
const SINFO = 'NODELIST|CPUS|MEMORY|GRES\ng1|96|1031000|gpu:a100:8\n';
const SINCE_S = Date.UTC(2026, 0, 31) / 1000;

describe('reading Slurm', () => {
  it('asks for nodes and for the jobs of everybody, in UTC', async () => {
    const calls: unknown[] = [];
    const exec: KubeAccessIo['exec'] = async (command, args, env) => {
      calls.push([command, args.join(' '), env['TZ']]);
      return command === 'sinfo' ? SINFO : SACCT;
    };
    const read = await readSlurm({ exec }, SINCE_S);
    if (!read.ok) throw read.error;
    expect(read.value.nodes.map(({ gpuCount }) => gpuCount)).toEqual([8]);
    expect(read.value.jobs).toHaveLength(5);
    expect(calls).toEqual([
      ['sinfo', '-N -o %N|%c|%m|%G', 'UTC'],
      ['sacct', expect.stringContaining('-a -X -P -S 2026-01-31T00:00:00 -o JobID,'), 'UTC'],
    ]);
  });

  it.each([
    [
      async () => Promise.reject(new Error('spawn sinfo ENOENT\nat x')),
      'sinfo did not run: spawn sinfo ENOENT',
    ],
    [
      async (command: string) => (command === 'sinfo' ? SINFO : ''),
      'sacct printed what is not known',
    ],
  ])('says which command failed', async (exec, message) => {
    const read = await readSlurm({ exec }, SINCE_S);
    expect(read).toMatchObject({ ok: false, error: { code: 'TR_CLUSTER_DOWN' } });
    expect(read.ok ? '' : read.error.message).toContain(message);
    expect(read.ok ? '' : read.error.message).not.toContain('at x');
  });
});
