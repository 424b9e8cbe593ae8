import { resolve } from 'node:path';
import type { DatasetStore } from '../measure/probes/storage/dataset-store.ts';
import { folderStore } from '../measure/probes/storage/folder-store.ts';
import { s3Store } from '../measure/probes/storage/s3-store.ts';
import type { CommandContext } from './command.ts';
import { usage } from './load-options.ts';
import { textValue } from './option-values.ts';

/** The store that a person names: a folder, or `s3://bucket/prefix` with the variables of AWS tools. */
export function datasetPlace(context: CommandContext, place: string): DatasetStore {
  const match = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,62})(?:\/(.*?))?\/?$/.exec(place);
  if (match === null) {
    if (place.startsWith('s3:'))
      throw usage('endpoint', `goes with s3://bucket/prefix, not "${place}"`);
    return folderStore(resolve(context.cwd, place));
  }
  const { env, values } = context;
  const region = env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'] ?? 'us-east-1';
  const endpoint =
    textValue(values, 'endpoint') ??
    env['AWS_ENDPOINT_URL'] ??
    `https://s3.${region}.amazonaws.com`;
  if (!/^https?:\/\/[^/]+\/?$/.test(endpoint)) {
    throw usage('endpoint', `takes a URL such as http://10.0.0.5:9000, not "${endpoint}"`);
  }
  return s3Store({
    endpoint,
    bucket: match[1] ?? '',
    prefix: match[2] ?? '',
    region,
    accessKeyId: secret(env, 'AWS_ACCESS_KEY_ID'),
    secretAccessKey: secret(env, 'AWS_SECRET_ACCESS_KEY'),
    sessionToken: env['AWS_SESSION_TOKEN'] ?? null,
  });
}

function secret(env: CommandContext['env'], name: string): string {
  const value = env[name] ?? '';
  if (value !== '') return value;
  throw usage('endpoint', `needs ${name} in the environment`);
}
