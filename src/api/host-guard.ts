import { fail, ok, type Result } from '../records/errors.ts';

/** A Host header or the authority of an Origin, lower case; the port is null when not given. */
interface Authority {
  name: string;
  port: string | null;
}

const AUTHORITY = /^(\[[0-9a-f:.]{2,45}\]|[a-z0-9_](?:[a-z0-9._-]{0,252}))(?::(\d{1,5}))?$/;

function parseAuthority(text: string): Authority | null {
  const match = AUTHORITY.exec(text.toLowerCase());
  if (match?.[1] === undefined) return null;
  const name = match[1].endsWith('.') ? match[1].slice(0, -1) : match[1];
  return name === '' ? null : { name, port: match[2] ?? null };
}

const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const LOOPBACK_V4 = new RegExp(`^127\\.${OCTET}\\.${OCTET}\\.${OCTET}$`);

/** `localhost`, 127.0.0.0/8 and [::1]: what no outside DNS answer can be reached under. */
const isLoopback = (name: string): boolean =>
  name === 'localhost' || name === '[::1]' || LOOPBACK_V4.test(name);

/** An entry without a port allows any port; with one, only that. */
function isListed(host: Authority, allowedHosts: readonly string[]): boolean {
  return allowedHosts.some((entry) => {
    const allowed = parseAuthority(entry);
    return allowed?.name === host.name && (allowed.port === null || allowed.port === host.port);
  });
}

const DEFAULT_PORT: Readonly<Record<string, string>> = { http: '80', https: '443' };

/** True when the page that sent the request came from the very host it talks to. */
function isSameOrigin(origin: string, host: Authority): boolean {
  const match = /^(https?):\/\/([^/?#@]+)$/.exec(origin.toLowerCase());
  const from = parseAuthority(match?.[2] ?? '');
  if (from === null) return false;
  const port = DEFAULT_PORT[match?.[1] ?? ''];
  return from.name === host.name && (from.port ?? port) === (host.port ?? port);
}

/**
 * Refuses requests that a web page elsewhere may have caused. DNS rebinding makes a hostile name
 * resolve to 127.0.0.1, so the Host header must be a loopback name or one the operator listed; a
 * cross-origin page sends its own Origin, so that must be this host ("null" never is).
 */
export function checkHost(
  headers: { host: string | null; origin: string | null },
  allowedHosts: readonly string[],
): Result<null> {
  const host = parseAuthority(headers.host ?? '');
  if (host === null) {
    return fail('TR_HOST_REFUSED', 'the Host header is missing or malformed', { field: 'host' });
  }
  if (!isLoopback(host.name) && !isListed(host, allowedHosts)) {
    return fail(
      'TR_HOST_REFUSED',
      'this Host is not allowed; use a loopback address or add it to server.allowedHosts',
      { field: 'host' },
    );
  }
  if (headers.origin !== null && !isSameOrigin(headers.origin, host)) {
    return fail('TR_HOST_REFUSED', 'the Origin header does not match the Host', {
      field: 'origin',
    });
  }
  return ok(null);
}
