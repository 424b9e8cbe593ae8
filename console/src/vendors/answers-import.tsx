import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId } from 'react';
import { GET_KEY } from '../api/get.ts';
import { useApp } from '../app-context.ts';
import { formatCount } from '../format.ts';

/** Takes in a filled-in questionnaire; the API takes all of it or nothing, and names the line at fault. */
export function AnswersImport({ vendor }: { vendor: string }) {
  const { client } = useApp();
  const queries = useQueryClient();
  const id = useId();
  const take = useMutation({
    mutationFn: async (file: File) => {
      const csv = new Blob([await file.arrayBuffer()], { type: 'text/csv' });
      const path = `vendors/${encodeURIComponent(vendor)}/answers.csv`;
      return client.upload<{ added: number }>(path, {}, csv, AbortSignal.timeout(60_000));
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: [GET_KEY, 'vendors/comparison'] }),
  });
  return (
    <div className="text-xs">
      <label htmlFor={id} className="text-ink-2">
        Take in answers of {vendor} from CSV
      </label>
      <input
        id={id}
        type="file"
        accept=".csv,text/csv"
        className="block max-w-full"
        onChange={(event) => {
          const [file] = event.target.files ?? [];
          if (file !== undefined) take.mutate(file);
          event.target.value = '';
        }}
      />
      {take.error === null ? null : (
        <p role="alert" className="text-bad">
          {take.error.message}
        </p>
      )}
      {take.data === undefined ? null : (
        <p role="status">{formatCount(take.data.added)} answers were new.</p>
      )}
    </div>
  );
}
