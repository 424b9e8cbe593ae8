import { mkdtemp, open, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { LedgerReader, Window } from '../../measure/ledger/ledger.ts';
import { TailraceError } from '../../records/errors.ts';
import type { ControlDeps } from '../deps.ts';
import type { Endpoint } from '../endpoint.ts';
import type { ControlEnv } from '../error-response.ts';
import { windowQuery } from '../queries.ts';
import { API, failures, security } from '../route-parts.ts';
import { unwrap } from '../unwrap.ts';
import { resolveWindow } from '../window.ts';

/** Exports at one time; each may need as much disk as the ledger itself. */
export const MAX_EXPORTS = 2;
const PARQUET = 'application/vnd.apache.parquet';

const exportRoute = createRoute({
  method: 'get',
  path: `${API}/export`,
  operationId: 'exportRecords',
  summary: 'Raw records of a window as one Parquet file',
  security,
  request: { query: windowQuery },
  responses: {
    200: {
      description: 'The file; default window: 24h. `x-tailrace-rows` has the number of records.',
      content: { [PARQUET]: { schema: z.string().meta({ format: 'binary' }) } },
    },
    ...failures,
  },
});

/**
 * Writes the export and unlinks it while it is open, so that its space is freed when the handle
 * closes, whatever happens to the client or to this process.
 */
async function writeExport(
  ledger: LedgerReader,
  window: Window,
  tempDir: string,
): Promise<{ file: FileHandle; rows: number }> {
  const dir = await mkdtemp(join(tempDir, 'tailrace-export-'));
  try {
    const path = join(dir, 'records.parquet');
    const rows = await ledger.exportParquet(window, path);
    return { file: await open(path, 'r'), rows };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

function register(app: OpenAPIHono<ControlEnv>, deps: ControlDeps): void {
  let open = 0;
  app.openapi(exportRoute, async (c) => {
    const window = unwrap(resolveWindow(c.req.valid('query'), deps.clock.wallMs(), '24h'));
    if (c.req.method === 'HEAD') throw new TailraceError('TR_METHOD', 'use GET for an export');
    if (open >= MAX_EXPORTS) {
      throw new TailraceError('TR_BUSY', `${MAX_EXPORTS} exports run already; try again later`);
    }
    open += 1;
    let isSending = false;
    try {
      const { file, rows } = await writeExport(deps.ledger, window, deps.tempDir ?? tmpdir());
      const { size } = await file.stat();
      const stream = file.createReadStream({ highWaterMark: 262_144 });
      stream.once('close', () => (open -= 1));
      isSending = true;
      return c.body(Readable.toWeb(stream) as ReadableStream<Uint8Array<ArrayBuffer>>, 200, {
        'content-type': PARQUET,
        'content-length': String(size),
        'content-disposition': `attachment; filename="${fileName(window)}"`,
        'x-tailrace-rows': String(rows),
      });
    } finally {
      if (!isSending) open -= 1;
    }
  });
}

/** `GET export`. TR_BUSY beyond `MAX_EXPORTS`. */
export const exportEndpoint: Endpoint = { routes: [exportRoute], register };

/** Safe in a header and on any file system: no colons, ASCII only. */
function fileName({ fromMs, toMs }: Window): string {
  const day = (ms: number): string => new Date(ms).toISOString().replaceAll(/[:.]/g, '');
  return `tailrace-${day(fromMs)}-${day(toMs)}.parquet`;
}
