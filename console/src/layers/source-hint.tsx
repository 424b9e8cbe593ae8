import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

/** What to set up where nothing was read, and where to see why. */
export function SourceHint({ children }: { children: ReactNode }) {
  return (
    <p>
      Nothing was read in this window. {children}{' '}
      <Link
        to="/layers/$layer"
        params={{ layer: 'observability' }}
        className="text-accent underline"
      >
        How each source does
      </Link>
      .
    </p>
  );
}
