import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TailraceError } from '../../../records/errors.ts';
import { attentionTime } from './attention-time.ts';
import { readLlmServingSimProfile, type ProfileFiles } from './read-llmservingsim-profile.ts';

const ABOUT = {
  model: 'm',
  hardware: 'h',
  tensorParallel: 1,
  engine: 'e',
  source: { repository: '', commit: '', path: '', licence: '', note: '' },
};

const GOOD: ProfileFiles = {
  attention:
    'prefill_chunk,kv_prefill,n_decode,kv_decode,time_us\n0,0,1,16,9\n0,0,2,16,10\n16,0,0,0,7\n',
  dense: 'layer,tokens,time_us\nqkv_proj,1,20\nqkv_proj,2,21\n',
  perSequence: 'layer,sequences,time_us\nlm_head,1,700\n',
  moe: 'tokens,activated_experts,time_us\n1,8,50\n',
  skewFit:
    'pc,n_label,skew_rate_label,kv_big_label,kp_label,alpha,n_samples\n0,n<=2,sr>70%,kvB<=1k,kp=0,0.1,4\n',
};

const fields = ['attention', 'dense', 'perSequence', 'moe', 'skewFit'] as const;

/** A good file with a piece of it replaced, or anything at all. */
const damaged = fc.record({
  field: fc.constantFrom(...fields),
  at: fc.nat(200),
  length: fc.nat(10),
  text: fc.oneof(
    fc.constantFrom('NaN', '-1', '1e999', ',', '\n', '"', '', '0x10', 'Infinity', '\0', 'é'),
    fc.string({ maxLength: 20 }),
  ),
});

describe('profiles', () => {
  it('are read or refused with a code, whatever is in them', () => {
    fc.assert(
      fc.property(damaged, ({ field, at, length, text }) => {
        const whole = GOOD[field] ?? '';
        const changed = whole.slice(0, at) + text + whole.slice(at + length);
        try {
          const table = readLlmServingSimProfile({ ...GOOD, [field]: changed }, ABOUT);
          for (const { timesUs } of [...table.dense, ...table.perSequence]) {
            for (const time of timesUs) expect(time).toBeGreaterThanOrEqual(0);
          }
        } catch (error) {
          expect(error).toBeInstanceOf(TailraceError);
          expect(error).toMatchObject({ code: 'TR_TRACE_INVALID' });
        }
      }),
    );
  });

  it('give times that grow with the work, on any grid that does', () => {
    const axis = fc.uniqueArray(fc.integer({ min: 1, max: 4096 }), { minLength: 2, maxLength: 5 });
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        axis,
        axis,
        fc.double({ min: 0, max: 0.5 }),
        share,
        share,
        (ns, ks, gaps, a, b) => {
          const rows = ns.flatMap((n, i) =>
            ks.map((k, j) =>
              ((i * 7 + j * 3) % 10) / 10 < gaps ? '' : `0,0,${n},${k},${5 + n * k}\n`,
            ),
          );
          fc.pre(rows.join('') !== '');
          const header = 'prefill_chunk,kv_prefill,n_decode,kv_decode,time_us\n';
          const table = readLlmServingSimProfile(
            { ...GOOD, attention: header + rows.join('') },
            ABOUT,
          );
          const time = attentionTime(table, 4);
          const n = Math.max(...ns) * a;
          const k = Math.max(...ks) * b;
          expect(time.decode(n + 1, k)).toBeGreaterThanOrEqual(time.decode(n, k) - 1e-6);
          expect(time.decode(n, k + 1)).toBeGreaterThanOrEqual(time.decode(n, k) - 1e-6);
        },
      ),
    );
  });
});
