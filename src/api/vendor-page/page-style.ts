import { createHash } from 'node:crypto';

/** The one style of the page; dark where the reader's system is. */
const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0; padding: 1rem; }
main { max-width: 46rem; margin: 0 auto; }
h1 { font-size: 1.5rem; line-height: 1.2; }
h2 { font-size: 1.1rem; margin-top: 2rem; text-transform: capitalize; }
nav a { display: inline-block; padding: .25rem .5rem .25rem 0; }
fieldset { border: 1px solid #8888; border-radius: .5rem; margin: 1rem 0; padding: .75rem 1rem; min-width: 0; }
legend { font-weight: 600; padding: 0 .25rem; }
label { display: block; margin: .5rem 0; }
input, select, textarea { display: block; width: 100%; box-sizing: border-box; font: inherit; padding: .4rem; }
button { font: inherit; padding: .5rem 1.25rem; }
.hint, .code { opacity: .75; margin: .25rem 0; }
.problem, .problems { border-left: .25rem solid #d33; padding-left: .75rem; }
.notice { border-left: .25rem solid #2a7; padding-left: .75rem; }
.send { position: sticky; bottom: 0; background: Canvas; padding: .75rem 0; margin: 0; }
`;

/** The element as it stands in the page: its hash is of every character between the tags. */
export const STYLE_ELEMENT = `<style>${style}</style>`;

const styleHash = createHash('sha256').update(style).digest('base64');

/**
 * Headers of the page. It runs nothing and loads nothing; only its own forms may be sent. The referrer stays within the
 * site: with `no-referrer` browsers send `Origin: null` for a form (Fetch, append a request Origin header), which the host check refuses.
 */
export const pageHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'none'",
    `style-src 'sha256-${styleHash}'`,
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'referrer-policy': 'same-origin',
  'cache-control': 'no-store',
};
