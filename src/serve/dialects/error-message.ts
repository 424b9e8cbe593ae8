import { isObject } from './json-fields.ts';

const messageCharsMax = 1000;

/**
 * The human part of an engine's error body: `error.message`, as OpenAI and Anthropic have it, and
 * what compatible servers send instead (`error` as text, `message`, FastAPI's `detail`, plain
 * text).
 */
export function errorMessage(body: unknown): string {
  const text = messageOf(body)?.trim();
  return text === undefined || text === '' ? 'no message' : text.slice(0, messageCharsMax);
}

function messageOf(body: unknown): string | undefined {
  if (typeof body === 'string') return body;
  if (!isObject(body)) return undefined;
  const { error } = body;
  const candidates = isObject(error)
    ? [error['message'], error['code'], error['type']]
    : [error, body['message'], body['detail']];
  const found = candidates.find((one) => typeof one === 'string' && one !== '');
  if (typeof found === 'string') return found;
  return body['detail'] === undefined ? undefined : JSON.stringify(body['detail']);
}
