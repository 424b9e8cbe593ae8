import { useMutation } from '@tanstack/react-query';
import { useApp } from '../app-context.ts';
import type { QueryValues } from '../api/client.ts';
import { Button } from './button.tsx';
import { saveFile } from './save-file.ts';

interface SaveButtonProps {
  /** Path and query of the API that gives the file. */
  path: string;
  query: QueryValues;
  name: string;
  children: string;
}

/** Fetches a file with the key and keeps it; says so where that fails. */
export function SaveButton({ path, query, name, children }: SaveButtonProps) {
  const { client } = useApp();
  const save = useMutation({
    mutationFn: async () => {
      const signal = AbortSignal.timeout(60_000);
      saveFile(await client.file(path, query, signal), name);
    },
  });
  return (
    <>
      <Button
        data-screen-only
        disabled={save.isPending}
        onClick={() => {
          save.mutate();
        }}
      >
        {children}
      </Button>
      {save.error === null ? null : (
        <span role="alert" className="text-xs text-bad">
          {save.error.message}
        </span>
      )}
    </>
  );
}
