import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { readerRole } from './reader-role.ts';

it('may only list, and is the role that the docs show', () => {
  const role = readerRole('tailrace-reader', 'tailrace');
  const objects = parseAllDocuments(role).map((one) => one.toJS() as { kind: string });
  expect(objects.map(({ kind }) => kind)).toEqual([
    'ServiceAccount',
    'ClusterRole',
    'ClusterRoleBinding',
  ]);
  const { rules } = objects[1] as unknown as { rules: Array<{ verbs: string[] }> };
  expect(new Set(rules.flatMap(({ verbs }) => verbs))).toEqual(new Set(['list']));
  const docs = new URL('../../../../docs/cluster-check.md', import.meta.url);
  expect(readFileSync(docs, 'utf8')).toContain(role);
});
