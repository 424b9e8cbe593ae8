import { createRequire } from 'node:module';

/** Node's own HTTP parser, as the judge of response-parser.prop.test.ts. */
export interface ReadResponse {
  status: number;
  headers: Record<string, string[]>;
  body: string;
  complete: boolean;
  keepAlive: boolean;
}

interface HttpParser {
  initialize(type: number, resource: object): void;
  execute(bytes: Buffer): number | Error;
  finish(): void | Error;
  [callback: number]: (...args: never[]) => unknown;
}

interface HttpParserClass {
  new (): HttpParser;
  RESPONSE: number;
  kOnHeadersComplete: number;
  kOnBody: number;
  kOnMessageComplete: number;
}

// Node offers its parser no other way; if a version takes this away the test says so by failing.
const { HTTPParser } = createRequire(import.meta.url)('_http_common') as {
  HTTPParser: HttpParserClass;
};

/** What llhttp makes of the bytes of one connection that then closes; `ok` false where it refuses them. */
export function readByLlhttp(chunks: readonly Buffer[]): {
  ok: boolean;
  responses: ReadResponse[];
} {
  const responses: ReadResponse[] = [];
  const parser = new HTTPParser();
  parser.initialize(HTTPParser.RESPONSE, {});
  parser[HTTPParser.kOnHeadersComplete] = (
    _major: number,
    _minor: number,
    fields: string[],
    _method: number,
    _url: string,
    status: number,
    _message: string,
    _upgrade: boolean,
    keepAlive: boolean,
  ): number => {
    const headers = Object.create(null) as Record<string, string[]>;
    for (let i = 0; i < fields.length; i += 2) {
      (headers[(fields[i] ?? '').toLowerCase()] ??= []).push(fields[i + 1] ?? '');
    }
    responses.push({ status, headers, body: '', complete: false, keepAlive });
    return 0;
  };
  parser[HTTPParser.kOnBody] = (bytes: Buffer): void => {
    const last = responses.at(-1);
    if (last !== undefined) last.body += bytes.toString('latin1');
  };
  parser[HTTPParser.kOnMessageComplete] = (): void => {
    const last = responses.at(-1);
    if (last !== undefined) last.complete = true;
  };
  for (const chunk of chunks) {
    // llhttp reads in place, and a view of a shared pool would do as well; a copy keeps runs apart.
    if (parser.execute(Buffer.from(chunk)) instanceof Error) return { ok: false, responses };
  }
  return { ok: !(parser.finish() instanceof Error), responses };
}
