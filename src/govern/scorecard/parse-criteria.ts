import { LineCounter, parseDocument } from 'yaml';
import { fail, ok, type Result } from '../../records/errors.ts';
import { criteriaSchema, type Criteria } from './criteria-schema.ts';

const MAX_BYTES = 1_048_576;
/** A criteria file has no use for aliases beyond a few; a bomb expands them without end. */
const MAX_ALIASES = 100;

type Path = ReadonlyArray<PropertyKey>;
interface Finding {
  path: Path;
  message: string;
}

/**
 * Parses the text of a criteria file. TR_CRITERIA_INVALID names file, line and field of everything that
 * is wrong. `collectors`: ids that a condition may name.
 */
export function parseCriteria(
  text: string,
  options: { file: string; collectors: ReadonlySet<string> },
): Result<Criteria> {
  const { file } = options;
  if (Buffer.byteLength(text) > MAX_BYTES) {
    return fail('TR_CRITERIA_INVALID', `${file}: is larger than ${MAX_BYTES} bytes`);
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [broken] = document.errors;
  if (broken !== undefined) {
    const { line } = lines.linePos(broken.pos[0]);
    return fail('TR_CRITERIA_INVALID', `${file}:${line}: is not valid YAML: ${broken.message}`);
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (cause) {
    return fail('TR_CRITERIA_INVALID', `${file}: expands too many aliases`, { cause });
  }
  const parsed = criteriaSchema.safeParse(value);
  const findings: Finding[] = parsed.success
    ? crossCheck(parsed.data, options.collectors)
    : parsed.error.issues.map(({ path, message }) => ({ path, message }));
  if (parsed.success && findings.length === 0) return ok(Object.freeze(parsed.data));
  const lineOf = (path: Path): number | null => {
    for (let depth = path.length; depth > 0; depth -= 1) {
      const node = document.getIn(path.slice(0, depth), true) as { range?: [number] } | undefined;
      if (node?.range !== undefined) return lines.linePos(node.range[0]).line;
    }
    return null;
  };
  const told = findings.slice(0, 20).map((one) => describe(file, one, lineOf(one.path)));
  const [first] = findings;
  const field = first === undefined ? '' : first.path.map(String).join('.');
  return fail('TR_CRITERIA_INVALID', told.join('\n'), field === '' ? {} : { field });
}

function describe(file: string, { path, message }: Finding, line: number | null): string {
  const place = line === null ? file : `${file}:${line}`;
  const field = path.map(String).join('.');
  return field === '' ? `${place}: ${message}` : `${place}: ${field}: ${message}`;
}

/** What a schema cannot see: names that must exist, be unique, and not run in circles. */
function crossCheck(criteria: Criteria, collectors: ReadonlySet<string>): Finding[] {
  const { categories, conditions, late } = criteria;
  const known = new Set(conditions.map((one) => one.id));
  const findings: Finding[] = [
    ...repeated(categories, 'categories'),
    ...repeated(conditions, 'conditions'),
    ...repeated(late, 'late'),
  ];
  for (const [i, one] of conditions.entries()) {
    const at = (field: string, message: string): void =>
      void findings.push({ path: ['conditions', i, field], message });
    if (!categories.some(({ id }) => id === one.category)) {
      at('category', `there is no category "${one.category}"`);
    }
    const bound = [one.collector, one.attestation, one.notYet].filter((way) => way !== undefined);
    if (bound.length !== 1) {
      at('id', `${one.id}: give exactly one of collector, attestation, notYet`);
    }
    if (one.collector !== undefined && !collectors.has(one.collector)) {
      at('collector', `there is no collector "${one.collector}"`);
    }
    if (one.level === 1 && one.notYet === undefined && one.question === undefined) {
      at('id', `${one.id}: a condition of level 1 needs a question for the interview`);
    }
    for (const need of one.needs) {
      if (!known.has(need)) at('needs', `there is no condition "${need}"`);
    }
  }
  for (const [i, one] of late.entries()) {
    for (const name of one.conditions.filter((condition) => !known.has(condition))) {
      const path = ['late', i, 'conditions'];
      findings.push({ path, message: `there is no condition "${name}"` });
    }
  }
  return [...findings, ...missingLevels(criteria), ...circles(criteria)];
}

function repeated(all: ReadonlyArray<{ id: string }>, list: string): Finding[] {
  const seen = new Set<string>();
  return all.flatMap(({ id }, i) => {
    if (!seen.has(id)) {
      seen.add(id);
      return [];
    }
    return [{ path: [list, i, 'id'], message: `"${id}" is given twice` }];
  });
}

/** A level without conditions would hold for nothing. */
function missingLevels({ categories, conditions }: Criteria): Finding[] {
  return categories.flatMap(({ id }, i) =>
    ([1, 2] as const).flatMap((level) =>
      conditions.some((one) => one.category === id && one.level === level)
        ? []
        : [
            {
              path: ['categories', i, 'id'],
              message: `"${id}" has no condition of level ${level}`,
            },
          ],
    ),
  );
}

function circles({ conditions }: Criteria): Finding[] {
  const needs = new Map(conditions.map((one) => [one.id, one.needs]));
  const done = new Set<string>();
  const open = new Set<string>();
  const isCircular = (id: string): boolean => {
    if (done.has(id)) return false;
    if (open.has(id)) return true;
    open.add(id);
    const found = (needs.get(id) ?? []).some(isCircular);
    open.delete(id);
    done.add(id);
    return found;
  };
  return conditions.flatMap(({ id }, i) =>
    isCircular(id) ? [{ path: ['conditions', i, 'needs'], message: `"${id}" needs itself` }] : [],
  );
}
