/** Kinds of documents by the end of their name; anything else is offered as bytes. What a sender says it is, is not looked at. */
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  pdf: 'application/pdf',
  txt: 'text/plain; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  json: 'application/json',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
};

const MAX_CHARS = 120;

/**
 * A name that is safe to show, to put into a header and to save under: the last part of any path, letters, digits,
 * `.`, `_`, `-` and space; no leading dot; at most 120 characters. The file is never stored under it.
 */
export function safeName(given: string): { name: string; mediaType: string } {
  const base = given.normalize('NFKC').split(/[/\\]/).at(-1) ?? '';
  const plain = base
    .replaceAll(/[^\p{L}\p{N}._ -]/gu, '_')
    .replaceAll(/\.{2,}/g, '.')
    .replaceAll(/^[. ]+|[. ]+$/g, '');
  const dot = plain.lastIndexOf('.');
  const end = dot > 0 && plain.length - dot <= 8 ? plain.slice(dot) : '';
  const stem = plain
    .slice(0, plain.length - end.length)
    .slice(0, MAX_CHARS - 8)
    .toWellFormed();
  const name = stem === '' ? 'document' : `${stem}${end}`;
  const mediaType = MEDIA_TYPES[end.slice(1).toLowerCase()] ?? 'application/octet-stream';
  return { name, mediaType };
}
