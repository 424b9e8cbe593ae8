import { useNavigate } from '@tanstack/react-router';
import { LAYERS } from '../layers.ts';
import { Disclosure } from '../ui/disclosure.tsx';
import { SelectField } from '../ui/field.tsx';
import { formatWeights } from './vendor-shapes.ts';

const SHIPPED = { value: '', label: 'as shipped' };
const CHOICES = [SHIPPED, ...[0, 1, 2, 3, 5].map(String).map((value) => ({ value, label: value }))];

/** What counts more: weights by layer, kept in the address so that a comparison can be sent on. */
export function WeightPanel({ weights }: { weights: Readonly<Record<string, number>> }) {
  const navigate = useNavigate({ from: '/vendors' });
  const choose = (layer: string, value: string): void => {
    const rest = Object.fromEntries(Object.entries(weights).filter(([name]) => name !== layer));
    const next = formatWeights(value === '' ? rest : { ...rest, [layer]: Number(value) });
    void navigate({
      search: ({ weights: _weights, ...others }) =>
        next === '' ? others : { ...others, weights: next },
      resetScroll: false,
    });
  };
  return (
    <div data-screen-only className="rounded-md border border-line bg-panel px-3">
      <Disclosure
        open={Object.keys(weights).length > 0}
        summary={<span className="text-sm font-semibold">Weights</span>}
      >
        <div className="grid grid-cols-2 gap-2 sm:grid-cols-3 lg:grid-cols-5">
          {LAYERS.map(({ id, label }) => (
            <SelectField
              key={id}
              label={label}
              value={String(weights[id] ?? '')}
              options={CHOICES}
              onChange={(value) => {
                choose(id, value);
              }}
            />
          ))}
        </div>
      </Disclosure>
    </div>
  );
}
