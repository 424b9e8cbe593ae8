/**
 * All benches, one after the other: `node bench/run.ts [--tiny] [options of bench/gateway/run.ts]`. The options go
 * to the gateway benches; the others take their sizes from --tiny alone. Exit code 1 when one failed.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from './gateway/processes.ts';

const args = process.argv.slice(2);
const tiny = args.includes('--tiny');

const programs: ReadonlyArray<{ script: string; args: string[]; needs?: string }> = [
  { script: 'gateway/run.ts', args, needs: 'wrk' },
  {
    script: 'ingest.ts',
    args: ['--records', tiny ? '2000' : '1000000', '--rounds', tiny ? '1' : '5'],
  },
  { script: 'answers.ts', args: ['--records', tiny ? '5000' : '10000000'] },
  {
    script: 'scrape.ts',
    args: tiny ? ['--series', '200', '--seconds', '3', '--interval', '1000'] : [],
  },
  { script: 'plan-speed.ts', args: tiny ? ['--requests', '2000'] : [] },
  { script: 'kineto.ts', args: ['--rounds', tiny ? '1' : '5'] },
];

for (const program of programs) {
  const path = join(import.meta.dirname, program.script);
  if (!existsSync(path)) continue;
  process.stdout.write(`== bench/${program.script}\n`);
  if (program.needs !== undefined && findProgram(program.needs) === null) {
    process.stdout.write(`not run: ${program.needs} is not installed\n`);
    continue;
  }
  const { status } = spawnSync(process.execPath, [path, ...program.args], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
