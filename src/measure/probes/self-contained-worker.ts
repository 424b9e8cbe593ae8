import { Worker } from 'node:worker_threads';

/** A thread that answers one question at a time. */
export interface SelfContained<Ask, Reply> {
  ask(job: Ask): Promise<Reply>;
  close(): Promise<void>;
}

/**
 * Starts a thread from the source text of one function, which makes its answering function from
 * `setup`. It is started so, and not from a file, because the published package is one bundle whose
 * threads would have no file to start from. The function must use nothing from outside itself
 * (`process.getBuiltinModule` brings Node's modules) and must not throw when it answers.
 */
export function startSelfContained<Ask, Reply, Setup = { direct: boolean }>(
  make: (setup: Setup) => (job: Ask) => Reply | Promise<Reply>,
  setup: Setup,
): SelfContained<Ask, Reply> {
  const source = [
    "const { parentPort, workerData } = process.getBuiltinModule('node:worker_threads');",
    `const answer = (${make.toString()})(workerData);`,
    "parentPort.on('message', async (job) => parentPort.postMessage(await answer(job)));",
  ].join('\n');
  const worker = new Worker(source, { eval: true, workerData: setup });
  let pending: { resolve: (reply: Reply) => void; reject: (error: unknown) => void } | null = null;
  worker.on('message', (reply: Reply) => {
    const asked = pending;
    pending = null;
    asked?.resolve(reply);
  });
  worker.on('error', (error) => {
    const asked = pending;
    pending = null;
    asked?.reject(error);
  });
  return {
    ask: (job) =>
      new Promise((resolve, reject) => {
        pending = { resolve, reject };
        worker.postMessage(job, []);
      }),
    close: async () => void (await worker.terminate()),
  };
}
