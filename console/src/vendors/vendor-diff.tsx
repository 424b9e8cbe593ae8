import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { components } from '../api/generated/openapi.ts';
import { useApp } from '../app-context.ts';
import { InputField } from '../ui/field.tsx';
import { VENDOR_GRADES } from './vendor-shapes.ts';

type Changes = components['schemas']['VendorChanges'];

/** What a vendor's answers, and what stands behind them, were on a day and are now. */
export function VendorDiff({ vendor }: { vendor: string }) {
  const { client } = useApp();
  const [day, setDay] = useState('');
  const fromMs = Date.parse(`${day}T00:00:00Z`);
  const { data, error } = useQuery({
    queryKey: ['vendor-diff', vendor, fromMs],
    enabled: !Number.isNaN(fromMs),
    queryFn: ({ signal }) => {
      const path = `vendors/${encodeURIComponent(vendor)}/diff`;
      return client.get<Changes>(path, { fromMs }, signal);
    },
  });
  return (
    <div className="flex flex-col gap-1 text-xs">
      <div className="w-40">
        <InputField
          label={`What changed at ${vendor} since`}
          type="date"
          value={day}
          onInput={setDay}
        />
      </div>
      {error === null ? null : (
        <p role="alert" className="text-bad">
          {error.message}
        </p>
      )}
      {data?.changes.length === 0 ? <p role="status">Nothing changed.</p> : null}
      <ul className="flex flex-col gap-0.5">
        {data?.changes.map(({ question, kind, before, after }) => (
          <li key={`${question} ${kind}`} data-testid="vendor-change">
            {question}: {VENDOR_GRADES[before.grade].label} → {VENDOR_GRADES[after.grade].label}
            <span className="text-ink-3"> ({kind})</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
