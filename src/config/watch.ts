/**
 * Follows the configuration file while Tailrace runs. Editors write in place, by rename over the
 * old file, or delete and create; Kubernetes swaps a symbolic link in the folder. So the *folder*
 * is watched, any event there means no more than "look again", and what decides is the content.
 * A slow poll covers file systems that send no events, and secret files kept elsewhere.
 */
import { createHash } from 'node:crypto';
import { type FSWatcher, watch } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type Clock, systemClock } from '../records/clock.ts';
import { fail, type Result, type TailraceError } from '../records/errors.ts';
import { type LoadedConfig, parseConfig, readText, secretFileReader } from './load.ts';
import type { Config } from './schema.ts';

export interface WatchOptions {
  path: string;
  env: Readonly<Record<string, string | undefined>>;
  /** Default: the process's. */
  cwd?: string;
  /** What is in force; the first difference from it counts as a change. Default: the file as it is now. */
  current?: Config;
  onChange: (loaded: LoadedConfig) => void;
  /** The file is bad (or gone); what was in force goes on. Called once per content. */
  onRefused: (error: TailraceError) => void;
  clock?: Clock;
  /** Quiet time after the last event before the file is read. */
  debounceMs?: number;
  pollMs?: number;
}

export interface ConfigWatcher {
  /** Looks now instead of waiting for an event. */
  check(): void;
  close(): void;
}

/** A folder that never comes to rest is looked at all the same after this many quiet times. */
const MAX_QUIET_TIMES = 10;

/** Starts to watch. Callbacks come on later turns of the event loop, except from `check`. */
export function watchConfig(options: WatchOptions): ConfigWatcher {
  const file = resolve(options.cwd ?? process.cwd(), options.path);
  const debounceMs = options.debounceMs ?? 100;
  const clock = options.clock ?? systemClock;
  const reload = reloader(file, options);
  let timer: NodeJS.Timeout | null = null;
  let firstEventMs: number | null = null;
  let closed = false;

  const check = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    firstEventMs = null;
    if (!closed) reload();
  };
  const onEvent = (): void => {
    if (closed) return;
    firstEventMs ??= clock.monoMs();
    const waitedMs = clock.monoMs() - firstEventMs;
    if (timer !== null && waitedMs >= debounceMs * MAX_QUIET_TIMES) return;
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(check, debounceMs);
    timer.unref();
  };

  const watcher = watchFolder(dirname(file), onEvent);
  const poll = setInterval(check, options.pollMs ?? 5_000);
  poll.unref();
  return {
    check,
    close: () => {
      closed = true;
      watcher?.close();
      clearInterval(poll);
      if (timer !== null) clearTimeout(timer);
    },
  };
}

/** Null where the platform cannot watch (no inotify left, a folder that is gone): the poll remains. */
function watchFolder(folder: string, onEvent: () => void): FSWatcher | null {
  try {
    const watcher = watch(folder, { persistent: false }, onEvent);
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch {
    return null;
  }
}

/** Reads the file and calls back when it, or a secret file it names, has other content than before. */
function reloader(file: string, options: WatchOptions): () => void {
  let attempt = readAll(file, options.env);
  let inForce = options.current ?? (attempt.result.ok ? attempt.result.value.config : null);
  let seen = options.current === undefined ? attempt.fingerprint : null;
  return () => {
    attempt = readAll(file, options.env);
    if (attempt.fingerprint === seen) return;
    seen = attempt.fingerprint;
    const { result } = attempt;
    if (!result.ok) {
      options.onRefused(result.error);
      return;
    }
    if (isDeepStrictEqual(result.value.config, inForce)) return;
    inForce = result.value.config;
    options.onChange(result.value);
  };
}

/** Outcome of one reading; equal fingerprints mean equal content of all files that were read. */
interface Attempt {
  result: Result<LoadedConfig>;
  fingerprint: string;
}

function readAll(file: string, env: WatchOptions['env']): Attempt {
  const hash = createHash('sha256');
  const text = readText(file);
  if (text === null || !text.ok) {
    const result = text ?? fail('TR_CONFIG_INVALID', `${file}: there is no such file`);
    return { result, fingerprint: result.error.message };
  }
  hash.update(text.value);
  const readSecret = secretFileReader(file);
  const readFile = (path: string): string => {
    hash.update(`\0${path}\0`);
    try {
      const secret = readSecret(path);
      hash.update(secret);
      return secret;
    } catch (error) {
      hash.update('\0unreadable');
      throw error;
    }
  };
  const result = parseConfig(text.value, { file, env, readFile });
  return { result, fingerprint: hash.digest('hex') };
}
