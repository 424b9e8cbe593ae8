import type { ServiceAnswer } from '../api/types.ts';

/** Answers that are missing, in words, each with the code that the documentation explains. */
export function RedFlags({ flags }: { flags: ServiceAnswer['redFlags'] }) {
  if (flags.length === 0) return null;
  return (
    <ul
      aria-label="Red flags"
      className="flex flex-col gap-1 rounded-md border border-warn/40 bg-warn-soft px-3 py-2 text-xs text-warn"
    >
      {flags.map((flag) => (
        <li
          key={`${flag.code} ${flag.message}`}
          data-testid="red-flag"
          data-value={flag.code}
          className="flex gap-2"
        >
          <Flag />
          <span className="min-w-0 break-words">
            <span className="font-medium">Red flag:</span> {flag.message}{' '}
            <code className="font-mono text-2xs">[{flag.code}]</code>
          </span>
        </li>
      ))}
    </ul>
  );
}

function Flag() {
  return (
    <svg viewBox="0 0 16 16" aria-hidden="true" className="mt-0.5 size-3 shrink-0">
      <path d="M3 1v14M3 2h9l-2 3.5 2 3.5H3" fill="currentColor" stroke="currentColor" />
    </svg>
  );
}
