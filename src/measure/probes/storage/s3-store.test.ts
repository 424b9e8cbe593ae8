import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findWorkload } from '../../bench-files/mlperf-workloads.ts';
import { planDataset } from './dataset-plan.ts';
import { planWrites, prepareDataset } from './prepare-dataset.ts';
import { s3Store, type S3Place } from './s3-store.ts';
import { startS3Server } from './testing-s3-server.ts';

const workload = findWorkload('resnet50');
if (workload === null) throw new Error('no workload');
const plan = planDataset(workload, 4_000_000);

let server: Awaited<ReturnType<typeof startS3Server>>;
beforeAll(async () => {
  server = await startS3Server('data', 'hush');
});
afterAll(() => server.close());

const store = (change: Partial<S3Place> = {}) =>
  s3Store({
    endpoint: server.endpoint,
    bucket: 'data',
    prefix: 'a/b',
    region: 'eu-north-1',
    accessKeyId: 'id',
    secretAccessKey: 'hush',
    sessionToken: null,
    ...change,
  });

describe('a data set in a bucket', () => {
  it('is written, found again, read by ranges, and removed', async () => {
    const writes = await planWrites(store(), plan);
    expect(writes).toMatchObject({ bytes: plan.bytes, place: `s3://data/a/b/${plan.name}` });
    await prepareDataset(store(), plan, writes);
    expect((await planWrites(store(), plan)).bytes).toBe(0);
    const [one] = server.objects.keys();
    server.objects.set(one ?? '', Buffer.alloc(3));
    expect((await planWrites(store(), plan)).files).toEqual([plan.files[0]]);
    const reader = await store().openReader(plan, 4);
    const last = await reader.read(plan.samples - 1);
    expect(last.bytes).toBe(
      Math.floor((plan.files.at(-1)?.bytes ?? 0) / (plan.files[0]?.samples ?? 1)),
    );
    expect(last.readMs).toHaveLength(1);
    await expect(reader.read(0)).rejects.toThrow(/sample-000000\.bin: gave 3 of/);
    await store().remove(plan);
    expect(server.objects.size).toBe(0);
    await expect(store().remove(plan)).resolves.toBeUndefined();
  });

  it('takes a prefix of any characters', async () => {
    for (const prefix of ['two words', 'a+b', 'Flüsse/🌊', "it's (1)*!", '50%', 'a?b#c']) {
      const place = store({ prefix });
      await prepareDataset(place, plan, await planWrites(place, plan));
      const name = `/data/${prefix}/${plan.files[0]?.name}`.split('/')[2];
      const [path = ''] = server.objects.keys();
      expect(decodeURIComponent(path).startsWith(`/data/${name}`)).toBe(true);
      await place.remove(plan);
      expect(server.objects.size).toBe(0);
    }
  });

  it('fails with what the service says, and the fix', async () => {
    const write = async (change: Partial<S3Place>): Promise<void> => {
      const [file] = plan.files;
      if (file !== undefined) await store(change).write(plan, file);
    };
    await expect(write({ secretAccessKey: 'wrong' })).rejects.toThrow(
      /s3:\/\/data\/a\/b: PUT answered 403 SignatureDoesNotMatch; check --endpoint/,
    );
    await expect(write({ bucket: 'other' })).rejects.toThrow(/404 NoSuchBucket/);
    await expect(write({ endpoint: 'http://127.0.0.1:1' })).rejects.toThrow(/s3:\/\/data.*check/);
  });
});
