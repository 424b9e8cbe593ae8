/** One kind of work that hosts do before accelerators can begin. */
export type PreprocessTask = 'decode' | 'tokenize';

export interface PreprocessSetup {
  /** File of the tokenizer, for `require`. */
  tokenizer: string;
  /** Samples that are decoded: zlib streams, as in PNG, npz and TFRecord. */
  packed: Uint8Array[];
  texts: string[];
}

export interface PreprocessJob {
  task: PreprocessTask;
  durationMs: number;
}

export interface PreprocessReply {
  samples: number;
  /** Bytes out of decoding, tokens out of tokenizing. */
  amount: number;
  takenMs: number;
}

/**
 * Runs in a thread of its own, from its source text: it may use nothing from outside itself. Works
 * through the samples again and again for `durationMs`.
 */
export function preprocessWorker(setup: PreprocessSetup): (job: PreprocessJob) => PreprocessReply {
  const { inflateSync } = process.getBuiltinModule('node:zlib');
  const { createRequire } = process.getBuiltinModule('node:module');
  const { packed, texts, tokenizer } = setup;
  let encoder: { encode(text: string): number[] } | null = null;
  const encode = (text: string): number[] => {
    encoder ??= createRequire(tokenizer)(tokenizer) as { encode(text: string): number[] };
    return encoder.encode(text);
  };
  const work: Readonly<Record<PreprocessTask, (i: number) => number>> = {
    decode: (i) => inflateSync(packed[i % packed.length] ?? new Uint8Array()).length,
    tokenize: (i) => encode(texts[i % texts.length] ?? '').length,
  };
  return ({ task, durationMs }) => {
    const run = work[task];
    // Tables load and code compiles on the first samples.
    for (let i = 0; i < 3; i += 1) run(i);
    const beganMs = performance.now();
    let samples = 0;
    let amount = 0;
    while (performance.now() - beganMs < durationMs) {
      amount += run(samples);
      samples += 1;
    }
    return { samples, amount, takenMs: performance.now() - beganMs };
  };
}
