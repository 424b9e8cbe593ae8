import { traceError } from '../traces/trace-row.ts';
import type { ClusterNode } from './cluster-node.ts';
import { delimiterOf, readCsvRows, type CsvRow, type CsvTable } from './csv-rows.ts';
import { countField, nameField } from './field-values.ts';
import { isSlurmNodeList, slurmNodes } from './read-slurm-nodes.ts';

/** Cards of one machine at most; larger numbers are a wrong column. */
const MAX_GPUS_PER_NODE = 64;

const NEEDED = ['cpu_milli', 'gpu'] as const;

/**
 * Reads a node list: the OpenB format (Alibaba cluster trace gpu-v2023), CSV with `sn` (or `name`),
 * `cpu_milli`, `memory_mib`, `gpu` and `model`, other columns ignored; or `sinfo` with `|` between
 * its fields. Throws TR_TRACE_INVALID with line and field.
 */
export function readNodes(text: string): ClusterNode[] {
  const table = readCsvRows(text, delimiterOf(text));
  const nodes = isSlurmNodeList(table.columns) ? slurmNodes(table) : openbNodes(table);
  if (nodes.every(({ gpuCount }) => gpuCount === 0)) {
    throw traceError(1, 'gpu', 'no node has a card', 'give the list of the machines with cards');
  }
  return nodes;
}

function openbNodes({ columns, rows }: CsvTable): ClusterNode[] {
  const nameColumn = columns.includes('sn') ? 'sn' : 'name';
  for (const column of [nameColumn, ...NEEDED]) {
    if (columns.includes(column)) continue;
    const fix = 'a node list has sn,cpu_milli,memory_mib,gpu,model';
    throw traceError(1, column, 'the header does not have this column', fix);
  }
  const names = new Map<string, number>();
  return rows.map((row) => readNode(row, nameColumn, names));
}

function readNode(row: CsvRow, nameColumn: string, names: Map<string, number>): ClusterNode {
  const name = nameField(row, nameColumn);
  const before = names.get(name);
  if (before !== undefined) {
    const problem = `"${name}" is on line ${before} too`;
    throw traceError(row.line, nameColumn, problem, 'give every node its own name');
  }
  names.set(name, row.line);
  const gpuCount = countField(row, 'gpu');
  if (gpuCount > MAX_GPUS_PER_NODE) {
    const problem = `${gpuCount} is more than ${MAX_GPUS_PER_NODE}`;
    throw traceError(row.line, 'gpu', problem, 'write the number of cards in the machine');
  }
  return {
    name,
    cpuMilli: countField(row, 'cpu_milli'),
    memoryMib: countField(row, 'memory_mib', Number.MAX_SAFE_INTEGER),
    gpuCount,
    gpuModel: row.text('model'),
  };
}
