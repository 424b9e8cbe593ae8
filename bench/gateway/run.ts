/** The gateway benches of bench/budgets.yaml; `--help` tells how. Prints a table. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cases, contenders, runBench } from './bench.ts';
import { renderReport, type Results } from './report.ts';

const HELP = `usage: node bench/gateway/run.ts [options]

  --tiny               one short round, only to show that everything runs: its figures mean nothing
  --rounds N           interleaved rounds (5)
  --seconds S          length of a measurement (5)
  --only A,B           cases: ${cases.map(({ name }) => name).join(', ')}
  --contenders A,B     of ${contenders.map(({ name }) => name).join(', ')}
  --memory-minutes M   run the memory case, so long (0: not run)
  --out FILE           all figures as JSON
  --check              exit 1 when a budget is missed

example: node bench/gateway/run.ts --only unary --contenders nginx,tailrace --rounds 3
peers:   node bench/gateway/install-peers.ts
`;

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', short: 'h', default: false },
    tiny: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    only: { type: 'string' },
    contenders: { type: 'string' },
    'memory-minutes': { type: 'string' },
    out: { type: 'string' },
    check: { type: 'boolean', default: false },
  },
});

if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}

const OURS = ['direct', 'nginx', 'tailrace'];

/** A figure from requests that failed says nothing, so a bench in which some did has failed. */
function anyFailed(results: Results): boolean {
  return Object.values(results).some((byContender) =>
    OURS.some((name) => (byContender[name]?.['failed']?.max ?? 0) > 0),
  );
}

const { tiny } = values;
const dir = mkdtempSync(join(tmpdir(), 'tailrace-bench-'));
try {
  const all = tiny ? OURS : contenders.map((one) => one.name);
  const report = await runBench({
    rounds: Number(values.rounds ?? (tiny ? 1 : 5)),
    warmUp: !tiny,
    seconds: Number(values.seconds ?? (tiny ? 1 : 5)),
    memorySeconds: Number(values['memory-minutes'] ?? (tiny ? 0.04 : 0)) * 60,
    streams: tiny ? 20 : 500,
    cases: values.only?.split(',') ?? cases.map((one) => one.name),
    contenders: values.contenders?.split(',') ?? all,
    dir,
    progress: (line) => void process.stderr.write(`${line}\n`),
  });
  process.stdout.write(renderReport(report));
  if (values.out !== undefined) {
    writeFileSync(values.out, `${JSON.stringify(report, null, 2)}\n`);
  }
  const missed = values.check && report.verdicts.some((one) => one.met === false);
  // Tailrace itself has to run; a peer may be missing.
  if (missed || anyFailed(report.results) || 'tailrace' in report.notRun) process.exitCode = 1;
} finally {
  rmSync(dir, { recursive: true, force: true });
}
