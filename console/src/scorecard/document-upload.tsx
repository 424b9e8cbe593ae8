import { useMutation } from '@tanstack/react-query';
import { useId } from 'react';
import { useApp } from '../app-context.ts';

interface Kept {
  sha256: string;
  name: string;
}

interface DocumentUploadProps {
  isKept: boolean;
  onKept: (kept: Kept) => void;
}

/** Sends a file to be kept as evidence; the API bounds its size and kind. */
export function DocumentUpload({ isKept, onKept }: DocumentUploadProps) {
  const { client } = useApp();
  const id = useId();
  const upload = useMutation({
    mutationFn: (file: File) => {
      const signal = AbortSignal.timeout(60_000);
      return client.upload<Kept>('evidence/documents', { name: file.name }, file, signal);
    },
    onSuccess: onKept,
  });
  return (
    <p className="mt-2 flex flex-wrap items-center gap-2 text-xs">
      <label htmlFor={id} className="text-ink-2">
        Or a file
      </label>
      <input
        id={id}
        type="file"
        className="max-w-full"
        onChange={(event) => {
          const [file] = event.target.files ?? [];
          if (file !== undefined) upload.mutate(file);
        }}
      />
      <span role="status">{upload.isPending ? 'sending…' : isKept ? 'kept' : ''}</span>
      {upload.error === null ? null : (
        <span role="alert" className="text-bad">
          {upload.error.message}
        </span>
      )}
    </p>
  );
}
