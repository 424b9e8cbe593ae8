import { encode } from 'gpt-tokenizer/encoding/cl100k_base';
import { describe, expect, it } from 'vitest';
import { countTokens, EXACT_LIMIT_CHARS } from './token-count.ts';

describe('countTokens', () => {
  it('agrees with the encoding on ordinary text', () => {
    for (const text of [
      'Hello, world!',
      '  indented\n\n\tcode = {"a": 1.25}\r\n',
      'Größe, naïve café, 日本語, emoji 👍🏽',
      '1234567890 3.14159 0x1f',
    ]) {
      expect(countTokens(text)).toBe(encode(text).length);
    }
    expect(countTokens('')).toBe(0);
  });

  it('counts one repeated word exactly, with and without a different first word', () => {
    expect(countTokens(' the'.repeat(5000))).toBe(5000);
    expect(countTokens(`the${' the'.repeat(4999)}`)).toBe(5000);
    const split = ` zyxwq`;
    expect(countTokens(split.repeat(300))).toBe(encode(split.repeat(300)).length);
    expect(countTokens('hello the them')).toBe(encode('hello the them').length);
  });

  it('stays exact on repeated words beyond the estimate limit', () => {
    const words = Math.ceil(EXACT_LIMIT_CHARS / 4) + 1000;
    expect(countTokens(' the'.repeat(words))).toBe(words);
  });

  it('reads special-token spellings as plain text', () => {
    expect(countTokens('<|endoftext|>')).toBeGreaterThan(1);
  });

  it('estimates texts beyond the limit within a few percent', () => {
    const line = 'The pump ran at 87.5 % until valve 12 closed; then it stopped. ';
    const text = line.repeat(Math.ceil((EXACT_LIMIT_CHARS * 1.5) / line.length));
    const exact = encode(line.repeat(100)).length * (text.length / line.length / 100);
    expect(Math.abs(countTokens(text) / exact - 1)).toBeLessThan(0.02);
  });
});
