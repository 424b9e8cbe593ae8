import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * The part of S3 that the probe speaks, over memory, for tests: objects of one bucket, ranges, errors as
 * XML. Each signature is computed again from the secret (AWS Signature Version 4).
 */
export async function startS3Server(bucket: string, secret: string) {
  const objects = new Map<string, Buffer>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const path = request.url ?? '';
      const answer = (status: number, body: Buffer | string = '', length?: number): void => {
        response.writeHead(status, { 'content-length': length ?? Buffer.byteLength(body) });
        response.end(request.method === 'HEAD' ? '' : body);
      };
      const refuse = (status: number, code: string): void =>
        answer(status, `<Error><Code>${code}</Code></Error>`);
      if (!isSigned(request, secret)) return refuse(403, 'SignatureDoesNotMatch');
      if (!path.startsWith(`/${bucket}/`)) return refuse(404, 'NoSuchBucket');
      const object = objects.get(path);
      if (request.method === 'PUT') {
        objects.set(path, Buffer.concat(chunks));
        return answer(200);
      }
      if (request.method === 'DELETE') return answer(objects.delete(path) ? 204 : 404);
      if (object === undefined) return refuse(404, 'NoSuchKey');
      if (request.method === 'HEAD') return answer(200, '', object.length);
      const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
      if (range === null) return answer(200, object);
      answer(206, object.subarray(Number(range[1]), Number(range[2]) + 1));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    objects,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Each part of the path with all but unreserved characters encoded, whatever the client left as it is. */
const canonicalPath = (url: string): string =>
  url
    .split('/')
    .map((part) =>
      encodeURIComponent(decodeURIComponent(part)).replace(
        /[!'()*]/g,
        (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
      ),
    )
    .join('/');

function isSigned({ method, url, headers }: IncomingMessage, secret: string): boolean {
  const form =
    /^AWS4-HMAC-SHA256 Credential=[^/]+\/(\d{8})\/([^/]+)\/s3\/aws4_request, SignedHeaders=([^,]+), Signature=(\w+)$/;
  const [, date = '', region = '', signed = '', signature] =
    form.exec(headers.authorization ?? '') ?? [];
  const scope = `${date}/${region}/s3/aws4_request`;
  const canonical = [
    method,
    canonicalPath(url ?? ''),
    '',
    ...signed.split(';').map((name) => `${name}:${String(headers[name] ?? '').trim()}`),
    '',
    signed,
    headers['x-amz-content-sha256'],
  ].join('\n');
  const hash = createHash('sha256').update(canonical).digest('hex');
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, hash].join('\n');
  const key = [date, region, 's3', 'aws4_request'].reduce<Buffer | string>(
    (last, part) => createHmac('sha256', last).update(part).digest(),
    `AWS4${secret}`,
  );
  return createHmac('sha256', key).update(text).digest('hex') === signature;
}
