import { z } from 'zod';

const intervalMs = z
  .number()
  .min(5_000)
  .max(3_600_000)
  .default(30_000)
  .describe(
    'Time between two looks, milliseconds; after a failure it waits longer, up to ten minutes.',
  );

/** Read with GET only. Without `kubeconfig` or `server`: KUBECONFIG, the service account of the pod, ~/.kube/config. */
export const kubernetesShape = {
  kind: z.literal('kubernetes').describe('An API server; docs/cluster-check.md has the rights.'),
  kubeconfig: z.string().min(1).optional().describe('File as kubectl reads it.'),
  context: z.string().min(1).optional().describe('Of the file; default: its current one.'),
  server: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Address of the API server, in place of a file.'),
  token: z
    .string()
    .min(1)
    .optional()
    .describe('For `server`; use ${ENV} or ${file:...}; masked everywhere.'),
  tokenFile: z.string().min(1).optional().describe('For `server`; read again each time.'),
  caFile: z.string().min(1).optional().describe('Authority (PEM) that `server` is checked by.'),
  intervalMs,
};

export const slurmShape = {
  kind: z.literal('slurm').describe('Asked with sinfo and squeue (Slurm 20.11 or later).'),
  command: z
    .array(z.string().min(1))
    .max(32)
    .default([])
    .describe('Words before sinfo and squeue, e.g. [ssh, login-1]; default: run them here.'),
  intervalMs,
};
