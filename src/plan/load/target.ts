import { fail, ok, type Result } from '../../records/errors.ts';

/** Where a load run sends its requests. */
export interface Target {
  /** Scheme, host and port. */
  origin: string;
  /** Path of chat completions. */
  chatPath: string;
  modelsPath: string;
  loopback: boolean;
}

/**
 * Reads `--target`: `http://host:port` or the same with `/v1`. Load belongs on one's own machine: any other
 * host is refused (TR_TARGET_REFUSED) unless `allowRemote`.
 */
export function parseTarget(text: string, allowRemote: boolean): Result<Target> {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    return refuse(`${text} is not an http(s) URL; give e.g. --target http://127.0.0.1:8787`);
  }
  if (url.username !== '' || url.password !== '') {
    return refuse('the URL holds a password; give the key by --key or $TAILRACE_KEY');
  }
  const base = url.pathname.replace(/\/+$/, '');
  if ((base !== '' && !base.endsWith('/v1')) || url.search !== '' || url.hash !== '') {
    return refuse('give the server alone, or its address with /v1 at the end');
  }
  const loopback = isLoopback(url.hostname);
  if (!loopback && !allowRemote) {
    return refuse(
      `${url.hostname} is not this machine; --allow-remote permits load on a system that is yours`,
    );
  }
  const root = base === '' ? '/v1' : base;
  return ok({
    origin: url.origin,
    chatPath: `${root}/chat/completions`,
    modelsPath: `${root}/models`,
    loopback,
  });
}

const refuse = (message: string): Result<Target> =>
  fail('TR_TARGET_REFUSED', `--target: ${message}`, { field: '--target' });

/** `localhost` (RFC 6761 section 6.3), 127.0.0.0/8 and ::1. The URL parser has normalized the host. */
export function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname === '[::1]' ||
    /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname)
  );
}
