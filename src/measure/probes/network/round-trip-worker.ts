export interface RoundTripJob {
  host: string;
  port: number;
  /** The order line for the agent, as it goes on the wire. */
  order: string;
  messageBytes: number;
  count: number;
  durationMs: number;
}

export interface RoundTripReply {
  takenMs: number[];
  error: string | null;
}

/**
 * Round trips in a thread of its own, started from its source text: it may use nothing from outside
 * itself. A thread, because flows that fill the path keep the main one busy, and its queue is not
 * the network's.
 */
export function roundTripWorker(): (job: RoundTripJob) => Promise<RoundTripReply> {
  const { connect } = process.getBuiltinModule('node:net');
  return (job) =>
    new Promise((resolve) => {
      const message = Buffer.alloc(job.messageBytes, 0x41);
      const takenMs: number[] = [];
      // Fewer say nothing about a tail; a path on which they last is slow enough to be told.
      const minimum = Math.min(job.count, 40);
      const beganMs = performance.now();
      let sentMs = 0;
      let missing = 0;
      const socket = connect({ host: job.host, port: job.port, noDelay: true });
      const end = (error: string | null): void => {
        socket.removeAllListeners();
        socket.on('error', () => {});
        socket.destroy();
        resolve({ takenMs, error });
      };
      const send = (): void => {
        sentMs = performance.now();
        missing = job.messageBytes;
        socket.write(message);
      };
      socket.setTimeout(5_000, () => end('no answer in 5 s'));
      socket.on('connect', () => {
        socket.write(job.order);
        send();
      });
      socket.on('data', (chunk: Buffer) => {
        missing -= chunk.length;
        if (missing > 0) return;
        // An agent that refuses answers a line and ends; an echo is exactly as long as what was sent.
        if (missing < 0 || chunk.at(-1) !== 0x41) return end('refused');
        const nowMs = performance.now();
        takenMs.push(nowMs - sentMs);
        const isTime = nowMs - beganMs >= job.durationMs && takenMs.length >= minimum;
        if (isTime || takenMs.length >= job.count) end(null);
        else send();
      });
      socket.on('error', (error: Error) => end(error.message));
      socket.on('close', () => end('broke off'));
    });
}
