import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useApp } from '../app-context.ts';
import { Button } from '../ui/button.tsx';
import { InputField, SelectField } from '../ui/field.tsx';
import { EMPTY_QUOTE, quoteFormBody, type QuoteFields } from './quote-body.ts';

const BASES = [
  { value: 'rent', label: 'Rent, $ an accelerator-hour' },
  { value: 'own', label: 'Purchase, $ an accelerator' },
];
const SITES = [
  { value: 'ours', label: 'Our site powers it' },
  { value: 'vendor', label: 'The vendor powers it' },
];

/** Keeps a quote of a vendor; its last one counts in the comparison. */
export function QuoteForm({ vendor }: { vendor: string }) {
  const { client } = useApp();
  const [fields, setFields] = useState(EMPTY_QUOTE);
  const keep = useMutation({
    mutationFn: () => {
      const path = `vendors/${encodeURIComponent(vendor)}/quotes`;
      return client.send<{ name: string }>(
        'POST',
        path,
        quoteFormBody(fields),
        AbortSignal.timeout(20_000),
      );
    },
    onSuccess: () => {
      setFields(EMPTY_QUOTE);
    },
  });
  const set = (change: Partial<QuoteFields>): void => {
    setFields({ ...fields, ...change });
  };
  return (
    <form
      aria-label={`Quote of ${vendor}`}
      className="grid grid-cols-2 items-end gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        keep.mutate();
      }}
    >
      <QuoteInputs fields={fields} set={set} />
      <div className="col-span-2 flex flex-wrap items-center gap-2">
        <Button type="submit" disabled={keep.isPending}>
          Keep the quote
        </Button>
        {keep.error === null ? null : (
          <p role="alert" className="text-xs text-bad">
            {keep.error.message}
          </p>
        )}
        {keep.data == null ? null : (
          <p role="status" data-testid={`quote-kept-${vendor}`} className="text-xs">
            Kept: {keep.data.name}
          </p>
        )}
      </div>
    </form>
  );
}

function QuoteInputs({
  fields,
  set,
}: {
  fields: QuoteFields;
  set: (change: Partial<QuoteFields>) => void;
}) {
  const field = (label: string, name: keyof QuoteFields, rest: object = {}) => (
    <InputField
      label={label}
      value={fields[name]}
      onInput={(value) => {
        set({ [name]: value });
      }}
      {...rest}
    />
  );
  const whole = { type: 'number', min: '0', step: '1' };
  return (
    <>
      {field('Name of the quote', 'name', { required: true, maxLength: 120 })}
      {field('Accelerator (id of the catalog)', 'accelerator', {
        required: true,
        placeholder: 'h100-sxm',
        maxLength: 100,
      })}
      {field('Accelerators', 'accelerators', { ...whole, min: '1', required: true })}
      <SelectField
        label="Rent or purchase"
        value={fields.basis}
        options={BASES}
        onChange={(basis) => {
          set({ basis });
        }}
      />
      {field('Price, $', 'usd', { type: 'number', min: '0', step: 'any', required: true })}
      <SelectField
        label="Power"
        value={fields.site}
        options={SITES}
        onChange={(site) => {
          set({ site });
        }}
      />
      {field('Lead time, weeks', 'lowWeeks', { ...whole, required: true })}
      {field('Lead time at most, weeks', 'highWeeks', { ...whole, min: fields.lowWeeks || '0' })}
      {field('Draws in all, kW', 'totalKw', {
        type: 'number',
        min: '0.01',
        step: 'any',
        placeholder: 'as the catalog says',
      })}
      {field('Valid until', 'validUntil', { type: 'date' })}
    </>
  );
}
