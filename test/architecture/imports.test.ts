import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MAY_IMPORT, readImports, violation } from './import-rules.ts';

const src = join(import.meta.dirname, '..', '..', 'src');
const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({
    path: relative(src, join(src, name)).split(sep).join('/'),
    text: readFileSync(join(src, name), 'utf8'),
  }));

describe('rooms', () => {
  it('import only what the table of ARCHITECTURE.md allows', () => {
    const imports = files.flatMap(({ path, text }) => readImports(path, text));
    expect(imports.length).toBeGreaterThan(200);
    expect(imports.flatMap((one) => violation(one) ?? [])).toEqual([]);
  });

  it('are all in the table, and the table in ARCHITECTURE.md', () => {
    const architecture = readFileSync(join(src, '..', 'ARCHITECTURE.md'), 'utf8');
    const rooms = new Set(files.map(({ path }) => path.split('/', 1)[0] ?? ''));
    expect([...rooms].filter((room) => !Object.hasOwn(MAY_IMPORT, room))).toEqual([]);
    for (const room of rooms) expect(architecture).toContain(`\`src/${room}\``);
  });
});

describe('the check itself (canaries)', () => {
  const forbidden = (from: string, text: string): string[] =>
    readImports(from, text).flatMap((one) => violation(one) ?? []);

  it('catches a forbidden import in every form of statement', () => {
    const forms = [
      "import { a } from '../measure/ledger/open-ledger.ts';",
      "import type { A } from '../measure/ledger/open-ledger.ts';",
      "import {\n  a,\n  type B,\n} from '../measure/ledger/open-ledger.ts';",
      "import '../measure/ledger/open-ledger.ts';",
      'import * as a from "../measure/ledger/open-ledger.ts";',
      "export { a } from '../measure/ledger/open-ledger.ts';",
      "export * from '../measure/ledger/open-ledger.ts';",
      "const a = await import('../measure/ledger/open-ledger.ts');",
    ];
    for (const form of forms) {
      expect(forbidden('serve/canary.ts', `const x = 1;\n${form}\n`), form).toEqual([
        expect.stringMatching(/^src\/serve\/canary\.ts:2 imports measure\/ledger\/open-ledger\.ts/),
      ]);
    }
  });

  it('knows read side from write side, rooms from names that begin alike, and strangers', () => {
    const from = (room: string, target: string): number =>
      forbidden(`${room}/deep/canary.ts`, `import { a } from '../../${target}';`).length;
    expect(from('plan', 'measure/ledger/ledger.ts')).toBe(0);
    expect(from('plan', 'measure/ledger/open-ledger.ts')).toBe(1);
    expect(from('govern', 'measure/telemetry/read-resource-samples.ts')).toBe(0);
    expect(from('govern', 'measure/telemetry/resource-store.ts')).toBe(1);
    expect(from('govern', 'measure/probes/evidence/probe-result.ts')).toBe(0);
    expect(from('govern', 'measure/probes/storage/probe-storage.ts')).toBe(1);
    expect(from('govern', 'plan/search/serve-plan.ts')).toBe(1);
    expect(from('plan', 'serve/routing/pick-engine.ts')).toBe(0);
    expect(from('plan', 'serve/runtime.ts')).toBe(1);
    expect(from('govern', 'serve/key-table.ts')).toBe(1);
    expect(from('records', 'catalog/models.ts')).toBe(1);
    expect(from('catalog', 'records-more/x.ts')).toBe(1);
    expect(from('serve', '../test/upstream/x.ts')).toBe(1);
    expect(from('cli', 'measure/ledger/open-ledger.ts')).toBe(0);
    expect(from('cli', 'main.ts')).toBe(1);
    expect(from('basement', 'records/ids.ts')).toBe(1);
  });

  it('leaves packages, own files and words in comments alone', () => {
    const text = [
      "import { z } from 'zod';",
      "import { own } from './own.ts';",
      "import { up } from '../serve/up.ts';",
      "// copied from '../measure/x.ts'",
      'const text = "import from \'../measure/x.ts\'";',
    ].join('\n');
    expect(forbidden('serve/canary.ts', text)).toEqual([]);
  });
});
