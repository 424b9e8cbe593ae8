/**
 * One seed for every property test, so that a checkout that passed passes again. `npm run fuzz`
 * draws another seed each time and runs each property longer; what it finds becomes a named test.
 */
import fc from 'fast-check';

const asked = process.env['PROPERTY_SEED'];
const runs = Number(process.env['PROPERTY_RUNS'] ?? 100);

if (asked === 'random') {
  const seed = Date.now() % 2 ** 31;
  console.log(`property seed ${seed}`);
  fc.configureGlobal({ seed, numRuns: runs });
} else {
  fc.configureGlobal({ seed: Number(asked ?? 20_261_124), numRuns: runs });
}
