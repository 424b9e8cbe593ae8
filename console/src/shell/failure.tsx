import { ApiFailure } from '../api/client.ts';
import { Notice } from '../ui/notice.tsx';
import { formatTime } from '../format.ts';

interface FailureProps {
  what: string;
  error: Error | null;
  /** When the figures on the page were read, if there are any; they stay on it. */
  shownSinceMs: number | null;
}

/** Why something could not be read, and how old what is shown is; nothing without an error. */
export function Failure({ what, error, shownSinceMs }: FailureProps) {
  if (error === null) return null;
  const code = error instanceof ApiFailure ? ` (${error.code})` : '';
  return (
    <Notice tone="bad" title={`Could not read ${what}`} role="alert">
      {error.message}
      {code}
      {shownSinceMs === null ? null : ` \u2014 showing figures of ${formatTime(shownSinceMs)}.`}
    </Notice>
  );
}
