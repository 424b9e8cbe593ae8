import { formatMs } from '../format.ts';
import { Button } from '../ui/button.tsx';
import type { UsedPlan } from './use-plan.ts';

interface JobLineProps {
  used: UsedPlan<unknown>;
  what: string;
  testId: string;
}

/** How far a plan's job is, with a way to stop it; or that it was stopped, with a way to go on. */
export function JobLine({ used, what, testId }: JobLineProps) {
  const { job, isRunning, isOld, result, error, cancel, restart } = used;
  const isMissing = result === undefined || isOld;
  if (!isRunning && !(isMissing && error === null)) {
    return (
      <span role="status" data-testid={testId} className="text-xs text-ink-3">
        {error === null ? 'predicted' : 'failed'}
      </span>
    );
  }
  const total = job?.progress.total ?? 0;
  return (
    <span className="flex flex-wrap items-center gap-2">
      <span role="status" data-testid={testId} className="text-xs text-ink-3">
        {isRunning ? 'simulating…' : 'stopped'}
        {isRunning && job?.remainingMs != null ? ` ${formatMs(job.remainingMs)} left` : ''}
      </span>
      {isRunning && total > 0 ? (
        <progress
          aria-label={`Progress of ${what}`}
          max={total}
          value={job?.progress.done ?? 0}
          className="h-2 w-24 accent-accent"
        />
      ) : null}
      <Button onClick={isRunning ? cancel : restart}>
        {isRunning ? `Cancel ${what}` : `Compute ${what}`}
      </Button>
    </span>
  );
}
