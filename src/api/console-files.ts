import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { extname, join, relative, sep } from 'node:path';
import type { Context } from 'hono';
import { TailraceError } from '../records/errors.ts';
import type { ControlEnv } from './error-response.ts';

/** A file of the built console, held in memory (the whole console is a few hundred kilobytes). */
export interface ConsoleFile {
  body: Uint8Array<ArrayBuffer>;
  /** The same, compressed; null where that saves nothing. */
  gzip: Uint8Array<ArrayBuffer> | null;
  type: string;
  /** Hash of the body. */
  etag: string;
  /** Its name has a content hash, so it never changes. */
  isImmutable: boolean;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
};

const MAX_FILES = 2_000;
const MAX_BYTES = 64 * 1024 * 1024;
/** Vite puts a hash of at least eight characters before the extension. */
const HASHED = /^\/assets\/.*-[\w-]{8,}\.\w+$/;

/**
 * Reads the console once, by URL path. Only regular files found here are ever served, looked up by
 * their exact path, so no request can name anything outside the folder.
 */
export function readConsole(dir: string): Map<string, ConsoleFile> {
  const files = new Map<string, ConsoleFile>();
  let bytes = 0;
  for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
    const type = TYPES[extname(entry.name).toLowerCase()];
    if (!entry.isFile() || type === undefined) continue;
    const file = join(entry.parentPath, entry.name);
    const body = new Uint8Array(readFileSync(file));
    bytes += body.length;
    if (files.size >= MAX_FILES || bytes > MAX_BYTES) {
      throw new TailraceError('TR_INTERNAL', 'the console folder is too large to be a console');
    }
    const path = `/${relative(dir, file).split(sep).join('/')}`;
    const digest = createHash('sha256').update(body).digest('base64url').slice(0, 22);
    const isImmutable = HASHED.test(path);
    files.set(path, { body, gzip: compress(body, type), type, etag: digest, isImmutable });
  }
  return files;
}

const COMPRESSIBLE = /^text\/|json|svg/;

function compress(body: Uint8Array, type: string): Uint8Array<ArrayBuffer> | null {
  if (!COMPRESSIBLE.test(type) || body.length < 1_024) return null;
  const gzip = new Uint8Array(gzipSync(body));
  return gzip.length < body.length ? gzip : null;
}

const CACHE_FOREVER = 'public, max-age=31536000, immutable';

/** Routes of the console live in the browser: a path whose last part has no dot is the page. */
const isPage = (path: string): boolean => !path.slice(path.lastIndexOf('/')).includes('.');

/** Answers a GET for the console; TR_NOT_FOUND for anything that is no file and no page. */
export function serveConsole(
  c: Context<ControlEnv>,
  files: ReadonlyMap<string, ConsoleFile> | null,
): Response {
  if (files === null) {
    throw new TailraceError(
      'TR_NOT_FOUND',
      'the console is not built; run `npm run build -w console`',
    );
  }
  const file = files.get(c.req.path) ?? (isPage(c.req.path) ? files.get('/index.html') : undefined);
  if (file === undefined) throw new TailraceError('TR_NOT_FOUND', 'there is nothing here');
  const wantsGzip = /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?(?:,|$))/i.test(
    c.req.header('accept-encoding') ?? '',
  );
  const gzip = wantsGzip ? file.gzip : null;
  const etag = `"${file.etag}${gzip === null ? '' : '-gz'}"`;
  c.header('etag', etag);
  c.header('cache-control', file.isImmutable ? CACHE_FOREVER : 'no-cache');
  if (file.gzip !== null) c.header('vary', 'accept-encoding');
  if (c.req.header('if-none-match') === etag) return c.body(null, 304);
  if (gzip !== null) c.header('content-encoding', 'gzip');
  return c.body(gzip ?? file.body, 200, { 'content-type': file.type });
}
