import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { TailraceError } from '../errors.ts';
import { readNodes } from './read-nodes.ts';
import { readPods } from './read-pods.ts';

const fixture = (name: string): string =>
  readFileSync(new URL(`../../../test/fixtures/openb/${name}`, import.meta.url), 'utf8');

function refusal(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof TailraceError) return `${error.code} ${error.message}`;
    throw error;
  }
  return 'accepted';
}

describe('a node list', () => {
  it('reads the published form', () => {
    const nodes = readNodes(fixture('nodes.csv'));
    expect(nodes).toHaveLength(102);
    expect(nodes[0]).toEqual({
      name: 'openb-node-0000',
      cpuMilli: 64_000,
      memoryMib: 262_144,
      gpuCount: 2,
      gpuModel: 'P100',
    });
  });

  it('takes columns in any order, memory or model left out, CRLF and a byte-order mark', () => {
    expect(readNodes('\uFEFFgpu,name,cpu_milli\r\n8,a,96000\r\n')).toEqual([
      {
        name: 'a',
        cpuMilli: 96_000,
        memoryMib: Number.MAX_SAFE_INTEGER,
        gpuCount: 8,
        gpuModel: null,
      },
    ]);
  });

  it('reads sinfo, a node of several partitions once', () => {
    expect(
      readNodes(
        'NODELIST|CPUS|MEMORY|GRES\n' +
          'g1|96|1031000|gpu:a100:8(S:0-1),tmpfs:1\ng1|96|1031000|gpu:a100:8(S:0-1),tmpfs:1\n' +
          'g2|64|515000|gpu:4\nc1|128|257000|(null)\n',
      ).map((node) => [node.name, node.cpuMilli, node.memoryMib, node.gpuCount, node.gpuModel]),
    ).toEqual([
      ['g1', 96_000, 1_031_000, 8, 'a100'],
      ['g2', 64_000, 515_000, 4, null],
      ['c1', 128_000, 257_000, 0, null],
    ]);
  });

  it.each([
    ['', 'line 1: header: the file is empty'],
    ['NODELIST|CPUS|MEMORY|GRES\na|1|1|gpu:many', 'line 2: gres: "gpu:many" is not a count'],
    ['sn,gpu\na,1', 'line 1: cpu_milli: the header does not have this column'],
    ['sn,cpu_milli,gpu\na,1000,1\n\nb,x,1', 'line 4: cpu_milli: "x" is not a whole number'],
    ['sn,cpu_milli,gpu\na,1000,1\na,1000,1', 'line 3: sn: "a" is on line 2 too'],
    ['sn,cpu_milli,gpu\na,1000', 'line 2: row: 2 fields where the header has 3'],
    ['sn,cpu_milli,gpu\na,1000,-1', 'line 2: gpu: "-1" is not a whole number'],
    ['sn,cpu_milli,gpu\na,1000,100', 'line 2: gpu: 100 is more than 64'],
    ['sn,cpu_milli,gpu\na,1000,0', 'line 1: gpu: no node has a card'],
    ['sn,cpu_milli,gpu,gpu\na,1,1,1', 'line 1: "gpu": the column comes twice'],
    ['sn,cpu_milli,gpu\n"a\nb,1,1', 'line 3: row: not valid CSV'],
  ])('refuses %j', (text, message) => {
    expect(refusal(() => readNodes(text))).toContain(`TR_TRACE_INVALID ${message}`);
  });
});

describe('a pod list', () => {
  it('reads the published form', () => {
    const { format, pods } = readPods(fixture('pods.csv'));
    expect(format).toBe('openb');
    expect(pods).toHaveLength(680);
    expect(pods[0]).toEqual({
      line: 2,
      name: 'openb-pod-0000',
      cpuMilli: 12_000,
      memoryMib: 16_384,
      gpuCount: 1,
      gpuMilli: 1000,
      gpuModels: [],
      owner: 'LS',
      gang: null,
      priority: 2,
      arrivalS: 0,
      durationS: 12_537_496,
    });
  });

  it('reads models, parts of a card only for one card, and no run time without a start', () => {
    const rows = [
      'name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,qos,creation_time,deletion_time,scheduled_time',
      'a,1000,1,1,460,V100M16|V100M32,BE,5,9,7',
      'b,1000,1,4,500,,LS,5,9,',
      'c,1000,1,0,0,,LS,5,3,4',
    ];
    const { pods } = readPods(rows.join('\n'));
    expect(
      pods.map(({ gpuMilli, gpuModels, durationS }) => [gpuMilli, gpuModels, durationS]),
    ).toEqual([
      [460, ['V100M16', 'V100M32'], 2],
      [1000, [], null],
      [0, [], null],
    ]);
  });

  it('reads a CSV of jobs, several nodes as a gang', () => {
    const { format, pods } = readPods(
      'job,user,submit_time,duration_s,gpus,nodes\n' +
        '"7, big",ann,2026-01-31T08:00:00Z,60,5,2\n8,bob,2026-01-31T08:01:00Z,,1,\n',
    );
    expect(format).toBe('jobs-csv');
    expect(
      pods.map(({ name, gang, gpuCount, durationS }) => [name, gang, gpuCount, durationS]),
    ).toEqual([
      ['7, big#0', '7, big', 3, 60],
      ['7, big#1', '7, big', 2, 60],
      ['8', null, 1, null],
    ]);
    expect((pods[2]?.arrivalS ?? 0) - (pods[0]?.arrivalS ?? 0)).toBe(60);
  });

  it('reads sacct -P: steps are part of their job, unknown times are unknown', () => {
    const { format, pods } = readPods(fixture('sacct.txt'));
    expect(format).toBe('slurm');
    expect(
      pods.map((pod) => [pod.name, pod.gpuCount, pod.gpuModels, pod.cpuMilli, pod.memoryMib]),
    ).toEqual([
      ['1201', 4, ['a100'], 32_000, 262_144],
      ['1202#0', 8, ['h100'], 96_000, 1_048_576],
      ['1202#1', 8, ['h100'], 96_000, 1_048_576],
      ['1203_7', 0, [], 2000, 4096],
      ['1204', 1, [], 4000, 16_384],
    ]);
    expect(pods.map(({ durationS }) => durationS)).toEqual([3600, 7200, 7200, 30, null]);
    expect(pods[4]?.owner).toBe('cem');
  });

  it('reads squeue, where resources are of one node', () => {
    const { pods } = readPods(fixture('squeue.txt'));
    expect(pods.map((pod) => [pod.name, pod.gang, pod.gpuCount, pod.priority])).toEqual([
      ['2001#0', '2001', 8, 4_294_901_733],
      ['2001#1', '2001', 8, 4_294_901_733],
      ['2002', null, 1, 100],
      ['2003', null, 0, 90],
    ]);
  });

  it.each([
    ['a,b\n1,2', 'line 1: header: the columns are of no known format'],
    ['name,cpu_milli,num_gpu,gpu_milli\na,1,1,0', 'line 2: gpu_milli: 0 is not a share of a card'],
    ['name,cpu_milli,num_gpu,gpu_milli\na,1,1,1500', 'line 2: gpu_milli: 1500 is not a share'],
    ['name,cpu_milli,num_gpu,gpu_milli\n,1,1,1000', 'line 2: name: is missing'],
    ['job,submit_s,gpus\na,soon,1', 'line 2: submit_s: "soon" is not a time'],
    ['job,submit_s,gpus,nodes\na,1,1,0', 'line 2: nodes: 0 nodes'],
    ['JobID|Submit|ReqTRES\n1|2026-01-31|cpu=1', 'line 2: submit: "2026-01-31" is not a time'],
    ['JobID|Submit|ReqTRES\n1|Unknown|gres/gpu=x', 'line 2: reqtres: "x" is not a count'],
    ['JobID|Submit|ReqTRES\n1|Unknown|mem=4X', 'line 2: reqtres: "4X" is not a size'],
    ['JobID|Submit\n1.batch|Unknown', 'line 1: rows: there are only job steps'],
  ])('refuses %j', (text, message) => {
    expect(refusal(() => readPods(text))).toContain(`TR_TRACE_INVALID ${message}`);
  });
});
