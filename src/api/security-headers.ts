import { isPushPath } from './push-paths.ts';

/**
 * Headers of every reply. The console runs only its own scripts and styles and talks only to this
 * host; nothing may frame it (OWASP Secure Headers Project, HTTP header recommendations).
 */
const always: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
};

const consolePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const dataPolicy = "default-src 'none'; frame-ancestors 'none'";

/** Whether a path carries data (and so needs an admin key), rather than the console's shell. */
export const isDataPath = (path: string): boolean =>
  path === '/metrics' || path === '/api' || path.startsWith('/api/') || isPushPath(path);

/** Security headers for a reply at this path; data is never cached. */
export function securityHeaders(path: string): Readonly<Record<string, string>> {
  return isDataPath(path)
    ? { ...always, 'content-security-policy': dataPolicy, 'cache-control': 'no-store' }
    : { ...always, 'content-security-policy': consolePolicy };
}
