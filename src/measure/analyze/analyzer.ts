import type { Result } from '../../records/errors.ts';

/** The start of one file, enough to tell what it is. */
export interface FileHead {
  /** The name as the caller gave it; messages use it. */
  name: string;
  /** Where to open it. */
  path: string;
  /** Bytes on disk. */
  sizeBytes: number;
  /** True when the bytes on disk are gzip; `text` and `bytes` are already unpacked. */
  gzip: boolean;
  /** First bytes of the content, at most 64 KiB. */
  bytes: Uint8Array;
  /** `bytes` as UTF-8. */
  text: string;
}

/** A table of an analysis; cells are text as a person reads them. */
export interface AnalysisTable {
  title: string;
  header: readonly string[];
  rows: ReadonlyArray<readonly string[]>;
}

/** What the files say, for people (verdict, tables, notes) and for programs (json). */
export interface Analysis {
  /** Name of the analyzer. */
  kind: string;
  /** What matters most, in one or a few lines. */
  verdict: string;
  tables: readonly AnalysisTable[];
  /** What the reader must know to trust the figures: windows, gaps, assumptions. */
  notes: readonly string[];
  /** What `--json` prints. Names carry units; unknown is null. */
  json: Readonly<Record<string, unknown>>;
}

/** How an analysis tells how far it is; `doneBytes` counts bytes on disk. */
export type OnProgress = (doneBytes: number, totalBytes: number) => void;

export interface AnalyzeOptions {
  onProgress?: OnProgress;
  signal?: AbortSignal;
  /** Path of a file to compare with, where the kind has such a thing. */
  reference?: string;
}

/**
 * One kind of file that `tailrace analyze` understands. To add one, write a file that exports an
 * `Analyzer` and list it in `analyzers.ts`.
 */
export interface Analyzer {
  /** Short stable name: `kineto`, `nccl-tests`. */
  kind: string;
  /** What a person calls it: `PyTorch/Kineto trace`. */
  title: string;
  /** `together`: all files of this kind are one job (ranks of a trace); `each`: one by one. */
  files: 'together' | 'each';
  /** Looks at content before names. Never throws. */
  recognises(head: FileHead): boolean;
  /** `heads` has at least one file; one exactly when `files` is `each`. Expected failures are values. */
  analyze(heads: readonly FileHead[], options: AnalyzeOptions): Promise<Result<Analysis>>;
}
