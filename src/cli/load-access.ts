import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { request } from 'undici';
import { z } from 'zod';
import { keyCreated } from '../api/schema.ts';
import { serviceList } from '../api/views.ts';
import type { Target } from '../plan/load/target.ts';
import { TailraceError } from '../records/errors.ts';
import type { Instance } from './instance.ts';
import type { LoadSettings } from './load-options.ts';

/** What a load run asks with. `close` gives back what was made for the run. */
export interface LoadAccess {
  key: string | null;
  model: string;
  close(): Promise<void>;
}

const REPLY_MS = 5_000;

/**
 * Finds key and model. `instance` is the running instance if the target is it: then, without a key
 * of the caller's, one is made for this run and revoked at its end. The keys of this machine are never sent
 * anywhere else.
 */
export async function openLoadAccess(
  settings: LoadSettings,
  target: Target,
  instance: Instance | null,
): Promise<LoadAccess> {
  const made = settings.key === null && instance !== null ? await findKey(instance) : null;
  const key = settings.key ?? made?.key ?? null;
  const close = async (): Promise<void> => made?.close();
  try {
    if (made !== null) await untilKnown(target, made.key);
    const model = settings.model ?? (await modelOf(settings.service, target, key, instance));
    return { key, model, close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface FoundKey {
  key: string;
  close(): Promise<void>;
}

async function findKey(instance: Instance): Promise<FoundKey> {
  const path = join(instance.stateDir, 'service.key');
  if (existsSync(path)) {
    return { key: readFileSync(path, 'utf8').trim(), close: async () => {} };
  }
  const name = `load-${process.pid}-${Date.now().toString(36)}`;
  const { id, key } = keyCreated.parse(await instance.postJson('/api/v1/keys', { name }));
  const close = async (): Promise<void> => {
    await instance.delete(`/api/v1/keys/${encodeURIComponent(id)}`);
  };
  return { key, close };
}

/** Fresh connections in a row that must know the key, since each worker hears of it by itself. */
const KNOWN_TIMES = 8;
const KNOWN_TRIES = 200;

/** Waits until the gateway's workers have heard of a key that was just made. */
async function untilKnown(target: Target, key: string): Promise<void> {
  let known = 0;
  for (let tries = 0; tries < KNOWN_TRIES && known < KNOWN_TIMES; tries += 1) {
    const { status } = await getModels(target, key);
    known = status === 401 ? 0 : known + 1;
    if (status === 401) await new Promise((done) => setTimeout(done, 20));
  }
}

async function getModels(
  target: Target,
  key: string | null,
): Promise<{ status: number; text: string }> {
  const url = `${target.origin}${target.modelsPath}`;
  try {
    const response = await request(url, {
      headers: key === null ? {} : { authorization: `Bearer ${key}` },
      reset: true,
      headersTimeout: REPLY_MS,
      bodyTimeout: REPLY_MS,
    });
    return { status: response.statusCode, text: await response.body.text() };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `the target ${target.origin} cannot be reached: ${reason}`;
    throw new TailraceError('TR_UPSTREAM_CONNECT', message, { field: 'target', cause });
  }
}

const modelList = z.looseObject({ data: z.array(z.looseObject({ id: z.string() })).min(1) });

async function modelOf(
  service: string | null,
  target: Target,
  key: string | null,
  instance: Instance | null,
): Promise<string> {
  if (service !== null) return modelOfService(service, instance);
  const { status, text } = await getModels(target, key);
  if (status === 401 || status === 403) {
    throw new TailraceError(
      'TR_AUTH_INVALID',
      `the target answered ${status} to this key; give one by --key or $TAILRACE_KEY`,
      { field: 'key' },
    );
  }
  const first = status === 200 ? firstModel(text) : null;
  if (first !== null) return first;
  const message = `the target's model list cannot be read (status ${status}); give --model`;
  throw new TailraceError('TR_USAGE', message, { field: 'model' });
}

function firstModel(text: string): string | null {
  try {
    return modelList.parse(JSON.parse(text)).data[0]?.id ?? null;
  } catch {
    return null;
  }
}

async function modelOfService(name: string, instance: Instance | null): Promise<string> {
  if (instance === null) {
    const message = '--service needs the running instance as target; give --model instead';
    throw new TailraceError('TR_USAGE', message, { field: 'service' });
  }
  const { services } = serviceList.parse(await instance.getJson('/api/v1/services'));
  const model = services.find((one) => one.name === name)?.models[0];
  if (model !== undefined) return model;
  const known = services.map((one) => one.name).join(', ');
  const message = `there is no service "${name}"; the instance has ${known}`;
  throw new TailraceError('TR_USAGE', message, { field: 'service' });
}
