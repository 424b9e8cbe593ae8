/**
 * How long answers take over a large ledger: `node bench/answers.ts [--records N] [--dir FOLDER]
 * [--only cells,series]`.
 * Builds a ledger of N synthetic requests of 20 models over 24 hours (10,000,000 is the size of the
 * budget; FOLDER is kept and used again), then asks each question in a fresh process: `coldMs` is
 * the first call after opening, `warmMs` the median of the next. The page cache is whatever
 * the machine has. Prints JSON.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { computeAnswers } from '../src/measure/answers/compute-answers.ts';
import type { Ledger, Window } from '../src/measure/ledger/ledger.ts';
import { openLedger } from '../src/measure/ledger/open-ledger.ts';
import { systemClock } from '../src/records/clock.ts';
import { answersConfig, engineSamples } from './answers-config.ts';
import { writeJournals } from './write-journals.ts';

const dayMs = 86_400_000;
const minuteMs = 60_000;
const warmCalls = 15;

const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '20000' },
    dir: { type: 'string' },
    only: { type: 'string' },
    ask: { type: 'string' },
  },
});

type Question = (ledger: Ledger, window: Window) => Promise<unknown>;

const questions: Record<string, Question> = {
  cells: (ledger, window) => ledger.cells({ window, by: 'engine-model-status' }),
  tenants: (ledger, window) => ledger.cells({ window, by: 'tenant' }),
  series: (ledger, window) =>
    ledger.series({ window, by: 'engine-model-status', stepMs: 15 * minuteMs }),
  answers: (ledger, window) =>
    computeAnswers({ ledger, window, config: answersConfig, clock: systemClock }),
  lastHour: (ledger, { toMs }) =>
    computeAnswers({
      ledger,
      window: { fromMs: toMs - 60 * minuteMs, toMs },
      config: answersConfig,
      clock: systemClock,
    }),
};

const openIn = (dir: string): Promise<Ledger> =>
  openLedger({ dir, config: answersConfig.ledger, clock: systemClock });

/** The window of a ledger that was built before, or builds one. */
async function built(dir: string, records: number): Promise<Window> {
  const note = join(dir, `built-${records}.json`);
  if (existsSync(note)) return JSON.parse(readFileSync(note, 'utf8')) as Window;
  if (existsSync(join(dir, 'segments'))) throw new Error(`${dir} holds another ledger`);
  mkdirSync(dir, { recursive: true });
  const fromMs = Math.floor((systemClock.wallMs() - dayMs) / minuteMs) * minuteMs;
  const window = { fromMs, toMs: fromMs + dayMs };
  const ledger = await openIn(dir);
  const takeIn = async (): Promise<void> => {
    while ((await ledger.ingest()) > 0) await ledger.maintain();
  };
  await writeJournals({ dir, records, fromMs, stepMs: dayMs / records, between: takeIn });
  await takeIn();
  await ledger.addSamples(engineSamples(window));
  await ledger.maintain({ force: true });
  const { recordsTotal } = await ledger.health();
  await ledger.close();
  if (recordsTotal !== records) throw new Error(`${recordsTotal} of ${records} records arrived`);
  writeFileSync(note, JSON.stringify(window));
  return window;
}

/** Opens the ledger and asks one question again and again; milliseconds. */
async function ask(dir: string, records: number, name: string): Promise<object> {
  const question = questions[name];
  if (question === undefined) throw new Error(`no such question: ${name}`);
  const window = await built(dir, records);
  const openMs = performance.now();
  const ledger = await openIn(dir);
  const times = [performance.now() - openMs];
  for (let call = 0; call <= warmCalls; call += 1) {
    const startMs = performance.now();
    await question(ledger, window);
    times.push(performance.now() - startMs);
  }
  await ledger.close();
  const [opened = 0, cold = 0, ...warm] = times.map((ms) => Number(ms.toFixed(1)));
  const middle = warm.sort((a, b) => a - b)[warm.length >> 1] ?? 0;
  const rssMib = Math.round(process.memoryUsage.rss() / 1_048_576);
  return { openMs: opened, coldMs: cold, warmMs: middle, rssMib };
}

function askInFreshProcess(dir: string, records: number, name: string): unknown {
  const args = [import.meta.filename, '--records', String(records), '--dir', dir, '--ask', name];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${name}: ${stderr}`);
  return JSON.parse(stdout);
}

const records = Number(values.records);
if (values.ask !== undefined && values.dir !== undefined) {
  process.stdout.write(JSON.stringify(await ask(values.dir, records, values.ask)));
} else {
  const dir = values.dir ?? mkdtempSync(join(tmpdir(), 'tailrace-answers-'));
  try {
    const startMs = performance.now();
    await built(dir, records);
    const report: Record<string, unknown> = {
      records,
      buildSeconds: Math.round((performance.now() - startMs) / 1000),
    };
    for (const name of values.only?.split(',') ?? Object.keys(questions))
      report[name] = askInFreshProcess(dir, records, name);
    process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  } finally {
    if (values.dir === undefined) rmSync(dir, { recursive: true, force: true });
  }
}
