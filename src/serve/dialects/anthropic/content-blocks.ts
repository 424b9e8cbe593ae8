import type { Part } from '../conversation.ts';
import { textPart } from '../conversation-defaults.ts';
import {
  arrayAt,
  isAbsent,
  isObject,
  objectAt,
  stringAt,
  textOr,
  unsupported,
  type JsonObject,
} from '../json-fields.ts';

/**
 * Text and image blocks as parts. `offset` is the index of the first block in the client's array.
 */
export function partsAt(content: unknown, field: string, offset = 0): Part[] {
  if (typeof content === 'string') return [textPart(content)];
  return arrayAt(content, field).map((one, i) => {
    const at = `${field}[${i + offset}]`;
    return partAt(objectAt(one, at), at);
  });
}

function partAt(block: JsonObject, field: string): Part {
  if (block['type'] === 'text') return textPart(stringAt(block['text'], `${field}.text`));
  if (block['type'] === 'image') {
    return imageAt(objectAt(block['source'], `${field}.source`), `${field}.source`);
  }
  return unsupported(
    `${field}.type`,
    `${JSON.stringify(block['type']) ?? 'is missing and'} cannot be carried to this engine`,
  );
}

function imageAt(source: JsonObject, field: string): Part {
  if (source['type'] === 'url') {
    return { type: 'image', url: stringAt(source['url'], `${field}.url`) };
  }
  if (source['type'] === 'base64') {
    const mediaType = stringAt(source['media_type'], `${field}.media_type`);
    return { type: 'image-data', mediaType, base64: stringAt(source['data'], `${field}.data`) };
  }
  return unsupported(`${field}.type`, 'can only be base64 or url for this engine');
}

export const toolResultParts = (content: unknown, field: string): Part[] =>
  isAbsent(content) ? [] : partsAt(content, field);

/** System text: a string or text blocks, one string per block. */
export function systemTexts(system: unknown, field: string): string[] {
  if (isAbsent(system)) return [];
  return partsAt(system, field).map((part, i) =>
    part.type === 'text' ? part.text : unsupported(`${field}[${i}]`, 'can only be text'),
  );
}

export function writeBlock(part: Part): JsonObject {
  if (part.type === 'text') return { type: 'text', text: part.text };
  if (part.type === 'image') return { type: 'image', source: { type: 'url', url: part.url } };
  const { mediaType, base64 } = part;
  return { type: 'image', source: { type: 'base64', media_type: mediaType, data: base64 } };
}

/** Every text in message content, whatever else it holds; never refuses. */
export function looseText(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  let text = '';
  for (const block of content as unknown[]) if (isObject(block)) text += blockText(block);
  return text;
}

/** What a block holds in tokens: text, thinking, a call's name and input, a result's text. */
function blockText(block: JsonObject): string {
  switch (block['type']) {
    case 'text':
      return textOr(block['text'], '');
    case 'thinking':
      return textOr(block['thinking'], '');
    case 'tool_use':
      return textOr(block['name'], '') + inputText(block['input']);
    case 'tool_result':
      return looseText(block['content']);
    default:
      return '';
  }
}

const inputText = (input: unknown): string =>
  isObject(input) && Object.keys(input).length > 0 ? JSON.stringify(input) : '';
