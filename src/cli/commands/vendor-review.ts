import { nearest } from '../../config/nearest.ts';
import { findQuestion, questions } from '../../govern/vendors/question.ts';
import { review } from '../../govern/vendors/vendor-records.ts';
import { TailraceError } from '../../records/errors.ts';
import { EXIT, type Command } from '../command.ts';
import { usage } from '../load-options.ts';
import { textValue } from '../option-values.ts';
import { argument, fileOf, withVendors } from '../vendor-access.ts';

/** `tailrace vendor review`: what a test of ours found about an answer. */
export const vendorReview: Command = {
  name: 'vendor review',
  summary: 'say what a test of your own found about an answer',
  usage:
    'tailrace vendor review VENDOR QUESTION confirmed|contradicted|cleared --note TEXT --by WHO',
  description: [
    'confirmed     a test of ours shows it: grade 3, for 180 days or until it is answered anew.',
    'contradicted  a test of ours shows otherwise: grade 0, until it is cleared.',
    'cleared       takes the last review back.',
  ].join('\n'),
  examples: [
    'tailrace vendor review acme facilities.cooling-built confirmed --note "walked row 4, 12 CDUs running" --by bob',
  ],
  options: {
    note: { type: 'string', value: 'TEXT', description: 'what was tested, and what was found' },
    by: { type: 'string', value: 'WHO', description: 'who tested' },
  },
  positionalsMax: 3,
  async run(context) {
    const { values, stdout } = context;
    const id = argument(context, 0, 'VENDOR', 'vendor review');
    const asked = argument(context, 1, 'QUESTION', 'vendor review');
    const verdict = review.shape.verdict.safeParse(context.positionals[2]);
    if (!verdict.success)
      throw new TailraceError('TR_USAGE', 'the verdict is confirmed, contradicted or cleared', {
        field: 'verdict',
      });
    const question = findQuestion(asked);
    if (question === null) {
      const meant = nearest(
        asked,
        questions.map((one) => one.id),
      );
      const hint = meant === null ? '' : ` (did you mean ${meant}?)`;
      throw new TailraceError('TR_NOT_FOUND', `there is no question "${asked}"${hint}`);
    }
    const note = textValue(values, 'note');
    const by = textValue(values, 'by');
    if (note === undefined) throw usage('note', 'is needed: what was tested?');
    if (by === undefined) throw usage('by', 'is needed: who tested?');
    await withVendors(context, async (store) => {
      await fileOf(store, id);
      await store.addReview(id, { question: question.id, verdict: verdict.data, note, by });
    });
    stdout.write(`${id} ${question.id}: ${verdict.data}\n`);
    return EXIT.ok;
  },
};
