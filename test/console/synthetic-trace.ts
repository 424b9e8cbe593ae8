import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

/** Events of one launch: an operator, one in it, the call, and the kernel on one of four streams. */
const PER_LAUNCH = 4;
const STREAMS = 4;
const EVERY_US = 20;
const LAUNCHES_A_STEP = 25_000;

export interface SyntheticTrace {
  path: string;
  events: number;
  spanUs: number;
}

/** Writes a trace of about so many events, packed; a few seconds for a million. */
export async function writeSyntheticTrace(path: string, events: number): Promise<SyntheticTrace> {
  const launches = Math.floor(events / PER_LAUNCH);
  const steps = Math.ceil(launches / LAUNCHES_A_STEP);
  const text = Readable.from(linesOf(launches, steps));
  await pipeline(text, createGzip({ level: 1 }), createWriteStream(path));
  return { path, events: PER_LAUNCH * launches + steps, spanUs: launches * EVERY_US };
}

function* linesOf(launches: number, steps: number): Generator<string> {
  yield '{"schemaVersion":1,"traceEvents":[\n';
  for (let first = 0; first < launches; first += 1_000) {
    const lines: string[] = [];
    for (let i = first; i < Math.min(launches, first + 1_000); i++) lines.push(...launch(i));
    yield `${lines.join(',\n')},\n`;
  }
  const marks = Array.from({ length: steps }, (_, step) => {
    const dur = LAUNCHES_A_STEP * EVERY_US;
    return complete('user_annotation', `ProfilerStep#${step}`, step * dur, dur - 1, 'CPU', 1);
  });
  yield `${marks.join(',\n')}]}`;
}

function launch(i: number): string[] {
  const at = i * EVERY_US;
  const stream = i % STREAMS;
  const kernel = stream === 3 ? 'ncclDevKernel_AllReduce_Sum_f16_RING' : `gemm_f16_tile_${i % 17}`;
  const work = `{"device":0,"stream":${stream},"correlation":${i}}`;
  return [
    complete('cpu_op', 'aten::linear', at, 18, 'CPU', 1),
    complete('cpu_op', 'aten::addmm', at + 2, 14, 'CPU', 1),
    complete('cuda_runtime', 'cudaLaunchKernel', at + 4, 6, 'CPU', 1, `{"correlation":${i}}`),
    complete('kernel', kernel, at + 12, 25 + (i % 7) * 4, 0, stream, work),
  ];
}

const complete = (
  cat: string,
  name: string,
  ts: number,
  dur: number,
  pid: string | number,
  tid: number,
  args = '{}',
): string =>
  `{"ph":"X","cat":"${cat}","name":"${name}","pid":${JSON.stringify(pid)},"tid":${tid},"ts":${ts},"dur":${dur},"args":${args}}`;
