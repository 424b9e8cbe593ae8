import type { Role } from './supervise/messages.ts';

/** One program, several processes: the supervisor starts its children from this same file, by role. Each loads its own rooms only. */
const role = process.env['TAILRACE_ROLE'] as Role | undefined;
const slot = process.env['TAILRACE_SLOT'] ?? '';

if (role === 'worker') {
  const { runWorker } = await import('./supervise/worker-process.ts');
  runWorker(slot);
} else if (role === 'control') {
  const { runControl } = await import('./supervise/control-process.ts');
  runControl(slot);
} else if (role === 'engine') {
  const { runEngine } = await import('./supervise/engine-process.ts');
  runEngine(slot);
} else {
  const { runCli } = await import('./cli/run.ts');
  process.exitCode = await runCli(process.argv.slice(2));
}
