import { benchAnalyzers } from '../bench-files/bench-analyzers.ts';
import { stragglerAnalyzer } from '../straggler/straggler-analyzer.ts';
import { kinetoAnalyzer } from '../trace/kineto-analyzer.ts';
import type { Analyzer } from './analyzer.ts';

/** Every kind of file that `tailrace analyze` reads; the first that recognises a file takes it. */
export const analyzers: readonly Analyzer[] = [
  kinetoAnalyzer,
  stragglerAnalyzer,
  ...benchAnalyzers,
];
