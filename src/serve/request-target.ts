import type { IncomingMessage } from 'node:http';
import { clientDialects } from './dialects/index.ts';

const absoluteForm = /^https?:\/\/([^/?#]*)(.*)$/i;

/**
 * The target of a request as path and query. One in absolute form, as clients send that take Tailrace for a proxy, is
 * cut to that, and its authority takes the place of the Host header (RFC 9112, 3.2.2): what checks the host must see
 * the one that counts.
 */
export function originForm(req: IncomingMessage): string {
  const target = req.url ?? '/';
  if (target.startsWith('/')) return target;
  const match = absoluteForm.exec(target);
  if (match === null) return target;
  const rest = match[2] ?? '';
  req.headers.host = match[1] ?? '';
  req.url = rest.startsWith('/') ? rest : `/${rest}`;
  return req.url;
}

const tails = [...clientDialects.map(({ path }) => path.slice('/v1'.length)), '/responses'];
const misplaced = new RegExp(`(?:${tails.join('|')})(?:/count_tokens)?/?$`);

/** A call of a model under a wrong base, as by an SDK whose base URL lacks the `/v1`. */
export const isMisplacedCall = (method: string | undefined, path: string): boolean =>
  method === 'POST' && !path.startsWith('/api/v1/') && misplaced.test(path);
