import { shown, traceError } from '../traces/trace-row.ts';

/** Trackable resources of a Slurm job; null where the string does not say. */
export interface Tres {
  cpus: number | null;
  memoryMib: number | null;
  gpuCount: number;
  gpuModel: string | null;
}

/** MiB of one unit of a Slurm memory size; a number alone is in MiB. */
const MIB: Readonly<Record<string, number>> = {
  K: 1 / 1024,
  M: 1,
  G: 1024,
  T: 1_048_576,
  '': 1,
};

/**
 * Parses `billing=8,cpu=8,gres/gpu=4,gres/gpu:a100=4,mem=64G,node=1` (sacct), `gres/gpu:a100:4`
 * and `gres:gpu:4` (squeue). Resources that planning does not use are skipped. Throws
 * TR_TRACE_INVALID when a count of cards or a size cannot be read.
 */
export function parseTres(line: number, column: string, text: string): Tres {
  const tres: Tres = { cpus: null, memoryMib: null, gpuCount: 0, gpuModel: null };
  if (/^(n\/a|\(null\))?$/i.test(text)) return tres;
  for (const part of text.split(',')) readPart(tres, part, line, column);
  return tres;
}

function readPart(tres: Tres, part: string, line: number, column: string): void {
  const gpu = /^gres[/:]gpu(?::([A-Za-z][\w.-]*))?(?:[=:](.*))?$/.exec(part);
  if (gpu !== null) {
    const [, model, count] = gpu;
    if (model !== undefined) tres.gpuModel = model;
    // The total comes beside the count of each model: the larger one is the total.
    tres.gpuCount = Math.max(tres.gpuCount, count === undefined ? 1 : whole(count, line, column));
    return;
  }
  const [name, value = ''] = part.split('=', 2);
  if (name === 'cpu') tres.cpus = whole(value, line, column);
  if (name === 'mem') tres.memoryMib = size(value, line, column);
}

function whole(text: string, line: number, column: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw traceError(line, column, `${shown(text)} is not a count`, 'use the output of sacct -P');
}

function size(text: string, line: number, column: string): number {
  const match = /^(\d{1,12}(?:\.\d{1,6})?)([KMGT]?)[nc]?$/.exec(text);
  const unit = MIB[match?.[2] ?? 'none'];
  if (match !== null && unit !== undefined) return Math.ceil(Number(match[1]) * unit);
  throw traceError(line, column, `${shown(text)} is not a size`, 'use the output of sacct -P');
}
