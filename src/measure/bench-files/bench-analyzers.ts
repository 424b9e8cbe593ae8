import type { Analyzer } from '../analyze/analyzer.ts';
import { dlioRawAnalyzer, dlioSummaryAnalyzer, mlperfRunsAnalyzer } from './dlio-analyzers.ts';
import { fioAnalyzer } from './fio-analyzer.ts';
import { ncclAnalyzer } from './nccl-analyzer.ts';
import { metricCsvAnalyzer, stepLogAnalyzer } from './step-analyzers.ts';

/** Files of benchmarks and training loops; the loosest forms last. */
export const benchAnalyzers: readonly Analyzer[] = [
  fioAnalyzer,
  dlioRawAnalyzer,
  dlioSummaryAnalyzer,
  stepLogAnalyzer,
  mlperfRunsAnalyzer,
  metricCsvAnalyzer,
  ncclAnalyzer,
];
