import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fitClosedLoopModel } from '../src/plan/time/fitted/closed-loop-model.ts';
import { fitText, writeFit } from '../src/plan/time/fitted/fit-file.ts';
import { readSiliconFolder } from '../src/plan/validate/silicon-sample.ts';

/**
 * Makes the fit that ships with the product from a silicon sample: `node tools/build-silicon-fit.ts DIR`, where
 * DIR has silicon_sample.csv (default: the fixture).
 */
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dir = process.argv[2] ?? join(root, 'test/fixtures/planning/aiconfigurator');
const runs = readSiliconFolder(dir).rows;
const source =
  'ai-dynamo/aiconfigurator @ 095f58a51c4c, silicon_sample.csv (Apache-2.0), the part in ' +
  'test/fixtures/planning/aiconfigurator';
const file = writeFit(source, runs, fitClosedLoopModel(runs));
const target = join(root, 'src/plan/time/fitted/data/silicon-fit.json');
writeFileSync(target, fitText(file));
process.stdout.write(`${target}: ${runs.length} runs, ${Object.keys(file.fits).join(', ')}\n`);
