import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cliReference } from '../src/cli/cli-reference.ts';
import { commandTable, loadAll } from '../src/cli/commands.ts';
import { configJsonSchema } from '../src/config/json-schema.ts';
import { planJsonSchema } from '../src/plan/plan-file/plan-json-schema.ts';
import { trainingJsonSchema } from '../src/plan/training/parse-training-plan.ts';

/** Writes the generated documents; tests compare them with a fresh generation. */
const docs = join(import.meta.dirname, '..', 'docs');
writeFileSync(
  join(docs, 'tailrace.schema.json'),
  `${JSON.stringify(configJsonSchema(), null, 2)}\n`,
);
writeFileSync(join(docs, 'plan.schema.json'), `${JSON.stringify(planJsonSchema(), null, 2)}\n`);
writeFileSync(
  join(docs, 'training-plan.schema.json'),
  `${JSON.stringify(trainingJsonSchema(), null, 2)}\n`,
);
writeFileSync(join(docs, 'cli.md'), cliReference(await loadAll(commandTable)));
