import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import type { ProbeCheck } from '../vendor-records.ts';

const DAY_MS = 86_400_000;
const CONNECT_MS = 10_000;

interface Handshake {
  protocol: string | null;
  cipher: string;
  /** Why the certificate is not trusted; null when it is. */
  untrusted: string | null;
  validToMs: number | null;
}

/**
 * Two handshakes, no request: what is agreed on and whether the certificate holds, and whether TLS 1.0 or 1.1 is still
 * taken (RFC 8996 forbids them). `absent` over plain HTTP.
 */
export async function checkTls(
  endpoint: string,
  nowMs: number,
  trusted?: ConnectionOptions['ca'],
): Promise<ProbeCheck> {
  const url = new URL(endpoint);
  if (url.protocol !== 'https:') {
    return { id: 'tls', verdict: 'absent', summary: 'plain HTTP, not encrypted', details: {} };
  }
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = url.port === '' ? 443 : Number(url.port);
  const base: ConnectionOptions = {
    host,
    port,
    ...(/^[\d.]+$|:/.test(host) ? {} : { servername: host }),
    ...(trusted === undefined ? {} : { ca: trusted }),
  };
  const now = await handshake(base);
  if (now === null) {
    return { id: 'tls', verdict: 'unknown', summary: 'no TLS connection came about', details: {} };
  }
  const old = await handshake({
    ...base,
    minVersion: 'TLSv1',
    maxVersion: 'TLSv1.1',
    ciphers: 'DEFAULT@SECLEVEL=0',
  });
  const daysLeft = now.validToMs === null ? null : Math.floor((now.validToMs - nowMs) / DAY_MS);
  const problems = [
    ...(now.untrusted === null ? [] : [`certificate not trusted (${now.untrusted})`]),
    ...(old === null ? [] : [`${old.protocol ?? 'an old version'} is still taken`]),
    ...(daysLeft !== null && daysLeft < 0 ? ['the certificate is out of date'] : []),
  ];
  const agreed = `${now.protocol ?? 'unknown version'}, ${now.cipher}`;
  const days = daysLeft === null ? '' : `, certificate for ${daysLeft} more days`;
  return {
    id: 'tls',
    verdict: problems.length === 0 ? 'pass' : 'fail',
    summary: problems.length === 0 ? `${agreed}${days}` : problems.join('; '),
    details: { protocol: now.protocol, cipher: now.cipher, daysLeft, oldTaken: old !== null },
  };
}

/** Null when none comes about. A certificate that is not trusted is looked at all the same; nothing is sent. */
function handshake(options: ConnectionOptions): Promise<Handshake | null> {
  return new Promise((resolve) => {
    let socket: TLSSocket | null = null;
    const end = (result: Handshake | null): void => {
      socket?.destroy();
      resolve(result);
    };
    try {
      socket = connect({ ...options, rejectUnauthorized: false, timeout: CONNECT_MS });
    } catch {
      return end(null);
    }
    const open = socket;
    open.once('error', () => end(null));
    open.once('timeout', () => end(null));
    open.once('secureConnect', () => {
      const { valid_to } = open.getPeerCertificate();
      const validToMs = Date.parse(valid_to);
      end({
        protocol: open.getProtocol(),
        cipher: open.getCipher().name,
        untrusted: open.authorized ? null : reasonOf(open.authorizationError),
        validToMs: Number.isNaN(validToMs) ? null : validToMs,
      });
    });
  });
}

const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message : typeof error === 'string' ? error : 'unknown reason';
