import type { Part } from '../conversation.ts';
import { imageFromUrl, textPart } from '../conversation-defaults.ts';
import {
  invalid,
  isAbsent,
  objectAt,
  stringAt,
  unsupported,
  type JsonObject,
} from '../json-fields.ts';

/** Message content: a string, an array of content parts, or absent. */
export function partsAt(value: unknown, field: string): Part[] {
  if (isAbsent(value)) return [];
  if (typeof value === 'string') return [textPart(value)];
  if (!Array.isArray(value)) invalid(field, 'a string or an array of content parts');
  return value.map((one, i) => partAt(objectAt(one, `${field}[${i}]`), `${field}[${i}]`));
}

/** Content where only text is allowed, one string per part. */
export function textsAt(value: unknown, field: string): string[] {
  return partsAt(value, field).map((part, i) =>
    part.type === 'text' ? part.text : invalid(`${field}[${i}]`, 'text'),
  );
}

function partAt(part: JsonObject, field: string): Part {
  switch (part['type']) {
    case 'text':
      return textPart(stringAt(part['text'], `${field}.text`));
    case 'refusal':
      return textPart(stringAt(part['refusal'], `${field}.refusal`));
    case 'image_url': {
      const image = objectAt(part['image_url'], `${field}.image_url`);
      const url = stringAt(image['url'], `${field}.image_url.url`);
      return (
        imageFromUrl(url) ??
        unsupported(`${field}.image_url.url`, 'must be base64 if it is a data: URL')
      );
    }
    default:
      unsupported(
        `${field}.type`,
        `${JSON.stringify(part['type']) ?? 'is missing and'} cannot be carried; use text or image_url`,
      );
  }
}

/** Content in the shortest form that says the same. */
export function writeParts(parts: readonly Part[]): string | JsonObject[] {
  const [only] = parts;
  if (only === undefined) return '';
  if (parts.length === 1 && only.type === 'text') return only.text;
  return parts.map((part) =>
    part.type === 'text'
      ? { type: 'text', text: part.text }
      : { type: 'image_url', image_url: { url: urlOf(part) } },
  );
}

const urlOf = (part: Exclude<Part, { type: 'text' }>): string =>
  part.type === 'image' ? part.url : `data:${part.mediaType};base64,${part.base64}`;

/** The text of message content, whatever else it holds; never refuses. */
export function looseText(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  let text = '';
  for (const part of content as unknown[]) {
    if (typeof part !== 'object' || part === null) continue;
    const { text: own, refusal } = part as JsonObject;
    if (typeof own === 'string') text += own;
    else if (typeof refusal === 'string') text += refusal;
  }
  return text;
}
