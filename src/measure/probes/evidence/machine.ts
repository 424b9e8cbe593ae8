import { arch, availableParallelism, cpus, hostname, platform, release, totalmem } from 'node:os';
import type { Machine } from './probe-result.ts';

/** The machine that this process runs on. */
export const thisMachine = (): Machine => ({
  hostname: hostname(),
  platform: `${platform()}-${arch()}`,
  kernel: release(),
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: availableParallelism(),
  memoryBytes: totalmem(),
});
