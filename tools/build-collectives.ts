import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { collectiveText } from '../src/plan/time/collectives/collective-file.ts';
import { fitCollectives } from '../src/plan/time/collectives/collective-model.ts';
import {
  readAiconfiguratorComm,
  readVidurNetwork,
} from '../src/plan/time/collectives/read-collectives.ts';

/** Makes the collective model that ships with the product from the measured tables of the fixtures. */
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const fixtures = join(root, 'test/fixtures/planning');
const measured = [
  ...(await readAiconfiguratorComm(join(fixtures, 'aiconfigurator/data'))),
  ...readVidurNetwork(join(fixtures, 'collectives/network')),
];
const source =
  'ai-dynamo/aiconfigurator @ 095f58a51c4c, data/*/comm (Apache-2.0) and microsoft/vidur @ 7d47513363ec, ' +
  'data/profiling/network (MIT)';
const target = join(root, 'src/plan/time/collectives/data/collectives.json');
writeFileSync(target, collectiveText(source, fitCollectives(measured)));
process.stdout.write(`${target}: ${measured.length} measurements\n`);
