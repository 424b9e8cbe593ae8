/**
 * Kineto traces against HolisticTraceAnalysis: `node bench/kineto.ts [--rounds N] [--python PATH] [--memory-mb N]
 * [FILE...]`. Both parse a trace and compute temporal, overlap and idle breakdown, each round in a fresh process,
 * taking turns; imports are not counted. PATH is a Python with HolisticTraceAnalysis 0.5.0 and pandas below 3
 * (`python3 -m venv V && V/bin/pip install HolisticTraceAnalysis==0.5.0 "pandas<3"`); without it only ours runs. With
 * --memory-mb it also writes a trace of that size and reports the peak resident memory of reading it. Prints JSON.
 */
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { readHead } from '../src/measure/analyze/read-head.ts';
import { htaView } from '../src/measure/trace/hta-view.ts';
import { median } from '../src/measure/trace/median.ts';
import { openTrace } from '../src/measure/trace/open-trace.ts';
import { readKineto } from '../src/records/kineto/read-kineto.ts';

const FIXTURES = join(import.meta.dirname, '../test/fixtures/traces-kineto');
const TRACES = [
  'resnet50-workers-0',
  'resnet50-workers-4',
  'ns-resolution',
  'df-index-resolver',
].map((name) => join(FIXTURES, `${name}.json.gz`));

const PEER = `
import sys, time, json, logging, warnings, resource
warnings.filterwarnings('ignore'); logging.disable(logging.CRITICAL)
from hta.trace_analysis import TraceAnalysis
wall, cpu = time.perf_counter(), time.process_time()
t = TraceAnalysis(trace_files={0: sys.argv[1]}, trace_dir='/')
t.get_temporal_breakdown(visualize=False)
t.get_comm_comp_overlap(visualize=False)
t.get_idle_time_breakdown(ranks=[0], visualize=False)
print(json.dumps({'wallS': time.perf_counter() - wall, 'cpuS': time.process_time() - cpu,
  'maxRssMib': resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
`;

interface Run {
  wallS: number;
  cpuS: number;
  maxRssMib: number;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '5' },
    python: { type: 'string' },
    'memory-mb': { type: 'string' },
    one: { type: 'boolean', default: false },
  },
});

const round = (value: number | null): number | null =>
  value === null ? null : Number(value.toFixed(3));

/** One reading in this process. */
async function readOne(path: string): Promise<Run> {
  const head = await readHead(basename(path), path);
  if (!head.ok) throw head.error;
  const wallMs = performance.now();
  const before = process.cpuUsage();
  const trace = await readKineto(openTrace(head.value), { file: path });
  htaView([{ rank: 0, trace }]);
  const { user, system } = process.cpuUsage(before);
  return {
    wallS: (performance.now() - wallMs) / 1000,
    cpuS: (user + system) / 1e6,
    maxRssMib: process.resourceUsage().maxRSS / 1024,
  };
}

const parseRun = (text: string): Run => JSON.parse(text) as Run;

const ours = (path: string): Run =>
  parseRun(
    execFileSync(process.execPath, [import.meta.filename, '--one', path], { encoding: 'utf8' }),
  );

const peers = (python: string, path: string): Run =>
  parseRun(execFileSync(python, ['-c', PEER, path], { encoding: 'utf8' }).trim());

function compare(path: string): Record<string, unknown> {
  const mine: Run[] = [];
  const theirs: Run[] = [];
  for (let i = 0; i < Number(values.rounds); i++) {
    mine.push(ours(path));
    if (values.python !== undefined) theirs.push(peers(values.python, path));
  }
  const middle = (runs: readonly Run[]) => ({
    wallS: round(median(runs.map(({ wallS }) => wallS))),
    cpuS: round(median(runs.map(({ cpuS }) => cpuS))),
    maxRssMib: round(median(runs.map(({ maxRssMib }) => maxRssMib))),
  });
  const [tailrace, hta] = [middle(mine), middle(theirs)];
  const times = (a: number | null, b: number | null): number | null =>
    a === null || b === null ? null : round(a / b);
  return {
    trace: basename(path),
    tailrace,
    hta: theirs.length === 0 ? null : hta,
    fasterWall: times(hta.wallS, tailrace.wallS),
    fasterCpu: times(hta.cpuS, tailrace.cpuS),
  };
}

/** A trace of about `megabytes`, events as PyTorch writes them, half of them of no use to an analysis. */
function writeTrace(path: string, megabytes: number): void {
  const file = openSync(path, 'w');
  writeSync(file, '{"schemaVersion": 1, "deviceProperties": [], "traceEvents": [\n');
  const target = megabytes * 1e6;
  let written = 0;
  for (let i = 0; written < target; i += 1000) {
    const lines: string[] = [];
    for (let k = i; k < i + 1000; k++) {
      const at = 10 * k;
      lines.push(
        `  {"ph": "X", "cat": "cpu_op", "name": "aten::op${k % 50}", "pid": 1, "tid": 1, "ts": ${at}, "dur": 8, "args": {"External id": ${k}, "Ev Idx": ${k}}},\n` +
          `  {"ph": "X", "cat": "python_function", "name": "torch/nn/modules/module.py(${k % 900}): _call_impl", "pid": 1, "tid": 1, "ts": ${at}, "dur": 9, "args": {"Python id": ${k}, "Python parent id": ${k - 1}}},\n` +
          `  {"ph": "X", "cat": "cuda_runtime", "name": "cudaLaunchKernel", "pid": 1, "tid": 1, "ts": ${at + 2}, "dur": 4, "args": {"External id": ${k}, "cbid": 211, "correlation": ${k}}},\n` +
          `  {"ph": "s", "id": ${k}, "pid": 1, "tid": 1, "ts": ${at + 2}, "cat": "ac2g", "name": "ac2g"},\n` +
          `  {"ph": "X", "cat": "kernel", "name": "void kernel_${k % 80}<float>(float*)", "pid": 0, "tid": 7, "ts": ${at + 7}, "dur": 5, "args": {"External id": ${k}, "queued": 0, "device": 0, "context": 1, "stream": 7, "correlation": ${k}, "registers per thread": 32, "shared memory": 0, "blocks per SM": 1.5, "warps per SM": 12, "grid": [120, 1, 1], "block": [256, 1, 1], "est. achieved occupancy %": 50}},\n`,
      );
    }
    written += writeSync(file, lines.join(''));
  }
  writeSync(
    file,
    '  {"ph": "M", "name": "process_name", "pid": 1, "args": {"name": "python"}}\n]}\n',
  );
  closeSync(file);
}

function memory(megabytes: number): Record<string, unknown> {
  const folder = mkdtempSync(join(tmpdir(), 'tailrace-kineto-'));
  try {
    const path = join(folder, 'large.json');
    writeTrace(path, megabytes);
    const run = ours(path);
    return {
      fileMb: Math.round(statSync(path).size / 1e6),
      wallS: round(run.wallS),
      maxRssMib: Math.round(run.maxRssMib),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (values.one) {
  process.stdout.write(JSON.stringify(await readOne(positionals[0] ?? '')));
} else {
  const files = positionals.length === 0 ? TRACES : positionals;
  const report = {
    traces: files.map(compare),
    ...(values['memory-mb'] === undefined ? {} : { memory: memory(Number(values['memory-mb'])) }),
  };
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
}
