import { Link } from '@tanstack/react-router';
import { LAYERS } from '../layers.ts';
import type { Action } from '../scorecard/score-shapes.ts';

/** The layers that a role's actions are about. */
export function RoleLayers({ actions }: { actions: readonly Action[] }) {
  const ids = new Set(actions.flatMap((one) => one.layers));
  const shown = LAYERS.filter((one) => ids.has(one.id));
  if (shown.length === 0) return null;
  return (
    <p className="flex flex-wrap gap-x-3 text-sm">
      <span className="text-ink-3">Layers of this role</span>
      {shown.map(({ id, label }) => (
        <Link key={id} to="/layers/$layer" params={{ layer: id }} className="text-accent underline">
          {label}
        </Link>
      ))}
    </p>
  );
}
