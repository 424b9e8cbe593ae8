import { ok } from '../../records/errors.ts';
import type { Analysis, Analyzer } from '../analyze/analyzer.ts';
import { three } from './figures.ts';
import { parseFioJson, type FioReport } from './fio-json.ts';
import { mlperfWorkloads } from './mlperf-workloads.ts';
import { asResult, wholeText } from './whole-text.ts';

/** Output of `fio --output-format=json`, read as what accelerators could be fed from it. */
export const fioAnalyzer: Analyzer = {
  kind: 'fio',
  title: 'fio JSON',
  files: 'each',
  recognises: ({ text }) => /"fio version"\s*:/.test(text),
  async analyze([head]) {
    if (head === undefined) throw new Error('a file is needed');
    const text = await wholeText(head);
    if (!text.ok) return text;
    const report = asResult(() => parseFioJson(text.value, head.name));
    return report.ok ? ok(analysisOf(report.value)) : report;
  },
};

function analysisOf(report: FioReport): Analysis {
  const readBytesPerS = report.flows
    .filter((flow) => flow.direction === 'read')
    .reduce((sum, flow) => sum + flow.bytesPerS, 0);
  const feeds = mlperfWorkloads.map((workload) => {
    const { batchSize, recordBytes, computeS, auThreshold } = workload;
    const demandBytesPerS = (batchSize * recordBytes) / computeS.h100;
    const fed = Math.floor(readBytesPerS / (demandBytesPerS * auThreshold));
    return { workload: workload.name, fedH100: fed };
  });
  return {
    kind: 'fio',
    verdict:
      readBytesPerS === 0
        ? 'fio only wrote; what this storage feeds needs reads'
        : `reads ${three(readBytesPerS / 1e6)} MB/s: at most ` +
          feeds.map(({ workload, fedH100 }) => `${fedH100} H100 on ${workload}`).join(', '),
    tables: [
      {
        title: `fio ${report.version}`,
        header: ['job', '', 'MB/s', 'IOPS', 'p50 ms', 'p99 ms'],
        rows: report.flows.map((flow) => [
          flow.job,
          flow.direction,
          three(flow.bytesPerS / 1e6),
          three(flow.iops),
          three(flow.p50Ms),
          three(flow.p99Ms),
        ]),
      },
    ],
    notes: [
      'fed: read rate over the demand of an MLPerf Storage accelerator at its AU threshold; modelled, an upper bound',
      ...(report.direct === true ? [] : ['direct=1 was not set: the page cache may have answered']),
    ],
    json: { ...report, readBytesPerS, feeds },
  };
}
