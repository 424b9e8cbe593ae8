import { AwsClient } from 'aws4fetch';
import { TailraceError } from '../../../records/errors.ts';
import { placeOf, type DatasetFile, type DatasetPlan } from './dataset-plan.ts';
import type { DatasetReader, DatasetStore } from './dataset-store.ts';
import { createRandomBytes } from './random-bytes.ts';

export interface S3Place {
  /** `https://host:port` of an S3-compatible service; the bucket stands in the path. */
  endpoint: string;
  bucket: string;
  /** Without slashes at its ends; may be empty. */
  prefix: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string | null;
}

/** Requests under way at once, at most. */
const MAX_PARALLEL = 256;

/** A data set in a bucket. Nothing is retried: a failure is what an accelerator would see. */
export function s3Store(place: S3Place): DatasetStore {
  const { accessKeyId, secretAccessKey, sessionToken, region } = place;
  const client = new AwsClient({
    accessKeyId,
    secretAccessKey,
    ...(sessionToken === null ? {} : { sessionToken }),
    region,
    service: 's3',
    retries: 0,
  });
  const name = `s3://${place.bucket}${place.prefix === '' ? '' : `/${place.prefix}`}`;
  const fill = createRandomBytes();
  const urlOf = (plan: DatasetPlan, file: DatasetFile): string =>
    [place.endpoint.replace(/\/$/, ''), ...keyOf(place, plan.name, file.name)].join('/');

  const ask = async (url: string, init: RequestInit, accept: readonly number[] = []) => {
    let response: Response;
    try {
      response = await fetch(await client.sign(url, init));
    } catch (error) {
      const cause = error instanceof Error ? (error.cause ?? error) : error;
      throw failed(name, cause instanceof Error ? cause.message : String(cause));
    }
    if (response.ok || accept.includes(response.status)) return response;
    const text = await response.text().catch(() => '');
    const code = /<Code>([^<]{1,80})/.exec(text)?.[1] ?? response.statusText;
    throw failed(name, `${init.method ?? 'GET'} answered ${response.status} ${code}`);
  };

  const sizeOf = async (url: string): Promise<number | null> => {
    const response = await ask(url, { method: 'HEAD' }, [404]);
    return response.ok ? Number(response.headers.get('content-length') ?? -1) : null;
  };

  return {
    place: name,
    async missing(plan) {
      const missing: DatasetFile[] = [];
      for (const file of plan.files) {
        if ((await sizeOf(urlOf(plan, file))) !== file.bytes) missing.push(file);
      }
      return missing;
    },
    freeBytes: () => Promise.resolve(null),
    async write(plan, file) {
      const body = Buffer.allocUnsafe(file.bytes);
      fill(body);
      // An object appears whole or not at all, so that a run that was cut goes on where it stopped.
      await (await ask(urlOf(plan, file), { method: 'PUT', body })).arrayBuffer();
    },
    openReader: (plan, parallel) =>
      Promise.resolve(readerOf(plan, Math.min(parallel, MAX_PARALLEL), urlOf, ask)),
    async remove(plan) {
      for (const file of plan.files) {
        await (await ask(urlOf(plan, file), { method: 'DELETE' }, [404])).arrayBuffer();
      }
    },
  };
}

/**
 * The parts of an object's path with everything encoded that is not unreserved: what is signed is encoded like this, and a
 * service compares it with what was sent (AWS Signature Version 4, "UriEncode").
 */
const keyOf = (place: S3Place, ...names: readonly string[]): string[] =>
  [place.bucket, place.prefix, ...names]
    .flatMap((part) => part.split('/'))
    .filter((part) => part !== '')
    .map((part) => encodeURIComponent(part).replace(/[!'()*]/g, percentOf));

const percentOf = (character: string): string =>
  `%${character.charCodeAt(0).toString(16).toUpperCase()}`;

/** Reads a sample with one ranged GET; a read's time is from the request to its last byte. */
function readerOf(
  plan: DatasetPlan,
  parallel: number,
  urlOf: (plan: DatasetPlan, file: DatasetFile) => string,
  ask: (url: string, init: RequestInit) => Promise<Response>,
): DatasetReader {
  return {
    cache: 'remote',
    parallel,
    async read(sample) {
      const { file, offset, length } = placeOf(plan, sample);
      const beganMs = performance.now();
      const range = `bytes=${offset}-${offset + length - 1}`;
      const response = await ask(urlOf(plan, file), { headers: { range } });
      let bytes = 0;
      if (response.body !== null) for await (const chunk of response.body) bytes += chunk.length;
      if (bytes !== length) throw failed(file.name, `gave ${bytes} of ${length} bytes`);
      return { bytes, readMs: [performance.now() - beganMs] };
    },
    close: () => Promise.resolve(),
  };
}

const failed = (place: string, reason: string): TailraceError =>
  new TailraceError(
    'TR_PROBE_FAILED',
    `${place}: ${reason}; check --endpoint, the bucket, and AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY`,
    { field: 'PLACE' },
  );
