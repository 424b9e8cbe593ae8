import { readFileSync } from 'node:fs';
import { collectors } from '../evidence/collectors.ts';
import type { Criteria } from './criteria-schema.ts';
import { parseCriteria } from './parse-criteria.ts';

let loaded: Criteria | null = null;

/** The criteria that Tailrace ships: `criteria.yaml` beside this file, or beside the bundle. Read once. */
export function shippedCriteria(): Criteria {
  if (loaded !== null) return loaded;
  const file = new URL('./criteria.yaml', import.meta.url);
  const known = new Set(collectors.map((one) => one.id));
  const parsed = parseCriteria(readFileSync(file, 'utf8'), {
    file: 'criteria.yaml',
    collectors: known,
  });
  if (!parsed.ok) throw parsed.error;
  loaded = parsed.value;
  return loaded;
}
