import { nearest } from '../../config/nearest.ts';
import { fail, ok, type Result } from '../../records/errors.ts';
import { layers, questions } from './question.ts';

const MAX_WEIGHT = 100;

/** `serving=3,security.tls=0`: weights of layers and questions. TR_FIELD_INVALID names what is wrong. */
export function parseWeights(text: string): Result<Record<string, number>> {
  const known: readonly string[] = [...layers, ...questions.map(({ id }) => id)];
  const weights: Record<string, number> = {};
  for (const part of text.split(',').map((one) => one.trim())) {
    if (part === '') continue;
    const [name = '', value = ''] = part.split('=', 2).map((one) => one.trim());
    if (!known.includes(name)) {
      const meant = nearest(name, known);
      const hint = meant === null ? '' : ` (did you mean ${meant}?)`;
      return refuse(`"${name.slice(0, 60)}" is neither a layer nor a question${hint}`);
    }
    if (!/^\d{1,3}(\.\d{1,3})?$/.test(value) || Number(value) > MAX_WEIGHT) {
      return refuse(`the weight of ${name} is a number from 0 to ${MAX_WEIGHT}, as ${name}=2`);
    }
    weights[name] = Number(value);
  }
  return ok(weights);
}

const refuse = (message: string): Result<never> =>
  fail('TR_FIELD_INVALID', message, { field: 'weights' });
