import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { GET_KEY } from '../api/get.ts';
import { useApp } from '../app-context.ts';
import { PrimaryButton } from '../ui/button.tsx';
import { SelectField, InputField } from '../ui/field.tsx';
import { Panel } from '../ui/panel.tsx';

const KINDS = [
  { value: 'vendor', label: 'Vendor' },
  { value: 'team', label: 'Team of our own' },
];

/** An id from a name: what the API takes is lower-case letters, digits and dashes. */
const idOf = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 63);

/** Adds who is to be asked. */
export function AddVendor() {
  const { client } = useApp();
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [kind, setKind] = useState('vendor');
  const [critical, setCritical] = useState(false);
  const add = useMutation({
    mutationFn: () => {
      const body = { id: idOf(name), name, kind, critical };
      return client.send('POST', 'vendors', body, AbortSignal.timeout(20_000));
    },
    onSuccess: async () => {
      setName('');
      await queries.invalidateQueries({ queryKey: [GET_KEY, 'vendors/comparison'] });
    },
  });
  return (
    <Panel id="vendor-add" level={2} title="Ask somebody">
      <form
        className="flex flex-wrap items-end gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate();
        }}
      >
        <div className="w-48">
          <InputField label="Name" value={name} onInput={setName} maxLength={120} required />
        </div>
        <div className="w-40">
          <SelectField label="Kind" value={kind} options={KINDS} onChange={setKind} />
        </div>
        <label className="inline-flex min-h-7 items-center gap-1.5 text-xs">
          <input
            type="checkbox"
            checked={critical}
            onChange={(event) => {
              setCritical(event.target.checked);
            }}
          />
          Critical: we depend on it
        </label>
        <PrimaryButton type="submit" disabled={add.isPending}>
          Add
        </PrimaryButton>
        {add.error === null ? null : (
          <p role="alert" className="w-full text-xs text-bad">
            {add.error.message}
          </p>
        )}
      </form>
    </Panel>
  );
}
