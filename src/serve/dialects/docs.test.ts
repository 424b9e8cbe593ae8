import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { messagesRules, messagesToolRules } from './anthropic/messages-request.ts';
import type { FieldRules } from './field-rules.ts';
import { clientDialects } from './index.ts';
import { chatRules } from './openai/chat-request.ts';
import { completionsRules } from './openai/completions.ts';
import { embeddingsRules } from './openai/embeddings.ts';

/** docs/dialects.md says of every field what the code does with it, and of no other. */
const page = readFileSync(new URL('../../../docs/dialects.md', import.meta.url), 'utf8');

function fatesUnder(heading: string): Record<string, string> {
  const section = page.split(/^#+ /m).find((one) => one.startsWith(`${heading}\n`)) ?? '';
  const rows = section.matchAll(/^\| `([^`]+)` \| (\w+) \|/gm);
  return Object.fromEntries(Array.from(rows, (row) => [row[1] ?? '', row[2] ?? '']));
}

const tables: Array<[string, FieldRules]> = [
  ['Fields of /v1/chat/completions to an Anthropic engine', chatRules],
  ['Fields of /v1/completions to an Anthropic engine', completionsRules],
  ['Fields of /v1/embeddings', embeddingsRules],
  ['Fields of /v1/messages to an OpenAI engine', messagesRules],
  ['Tools', messagesToolRules],
];

describe('docs/dialects.md', () => {
  it.each(tables)('%s', (heading, rules) => {
    const inCode = Object.entries(rules).map(([name, { fate }]) => [name, fate]);
    expect(fatesUnder(heading)).toEqual(Object.fromEntries(inCode));
  });

  it('names every endpoint', () => {
    for (const { id, path } of clientDialects) {
      expect(page).toContain(`| \`${id}\` | \`POST ${path}\` |`);
    }
  });
});
