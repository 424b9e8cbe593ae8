import { fail, ok, type Result } from '../../records/errors.ts';
import type { Analysis, AnalyzeOptions, Analyzer, FileHead } from './analyzer.ts';
import { readHead } from './read-head.ts';

/**
 * Recognises each file by its content and analyzes it: files of a kind that belong together (the
 * ranks of one job) as one, others one by one, in the order given. Fails with TR_FILE_UNREADABLE,
 * TR_FILE_UNKNOWN, or whatever the analyzer found wrong with the content.
 */
export async function analyzeFiles(
  files: ReadonlyArray<{ name: string; path: string }>,
  analyzers: readonly Analyzer[],
  options: AnalyzeOptions,
): Promise<Result<Analysis[]>> {
  const groups: Array<{ analyzer: Analyzer; heads: FileHead[] }> = [];
  for (const { name, path } of files) {
    const head = await readHead(name, path);
    if (!head.ok) return head;
    const analyzer = analyzers.find((one) => one.recognises(head.value));
    if (analyzer === undefined) return unknownFile(name, analyzers);
    const group = groups.find((one) => one.analyzer === analyzer && analyzer.files === 'together');
    if (group === undefined) groups.push({ analyzer, heads: [head.value] });
    else group.heads.push(head.value);
  }
  const analyses: Analysis[] = [];
  for (const { analyzer, heads } of groups) {
    const analysis = await analyzer.analyze(heads, options);
    if (!analysis.ok) return analysis;
    analyses.push(analysis.value);
  }
  return ok(analyses);
}

const unknownFile = (name: string, analyzers: readonly Analyzer[]): Result<never> =>
  fail(
    'TR_FILE_UNKNOWN',
    `${name} is none of the kinds this reads: ${analyzers.map((one) => one.title).join(', ')}`,
    { field: 'FILE' },
  );
