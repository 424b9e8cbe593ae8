import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useApp } from '../app-context.ts';
import { formatDateTime } from '../format.ts';
import { Button } from '../ui/button.tsx';
import { InputField } from '../ui/field.tsx';

interface Made {
  path: string;
  expiresAtMs: number;
}

const DAYS = 14;

/** A signed link that lets a vendor answer without an account; it is shown once. */
export function LinkMaker({ vendor }: { vendor: string }) {
  const { client } = useApp();
  const [recipient, setRecipient] = useState('');
  const make = useMutation({
    mutationFn: () => {
      const path = `vendors/${encodeURIComponent(vendor)}/links`;
      const body = { recipient, days: DAYS };
      return client.send<Made>('POST', path, body, AbortSignal.timeout(20_000));
    },
  });
  return (
    <form
      className="flex flex-wrap items-end gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        make.mutate();
      }}
    >
      <div className="w-40">
        <InputField
          label={`Whom at ${vendor} to ask`}
          value={recipient}
          onInput={setRecipient}
          maxLength={200}
          required
        />
      </div>
      <Button type="submit" disabled={make.isPending}>
        Make a link for {DAYS} days
      </Button>
      {make.error === null ? null : (
        <p role="alert" className="w-full text-xs text-bad">
          {make.error.message}
        </p>
      )}
      {make.data == null ? null : (
        <p role="status" className="w-full text-xs">
          Until {formatDateTime(make.data.expiresAtMs)}, shown only now:{' '}
          <code data-testid="vendor-link" className="font-mono text-2xs break-all">
            {new URL(make.data.path, window.location.origin).href}
          </code>
        </p>
      )}
    </form>
  );
}
