import type { z } from 'zod';
import { clustersReply } from '../api/routes/clusters.ts';
import { TailraceError } from '../records/errors.ts';
import type { CommandContext } from './command.ts';
import { openRunningInstance } from './instance.ts';

export type LiveCluster = z.infer<typeof clustersReply>['clusters'][number];

/** What a running instance knows of its configured clusters; empty when none runs or none is configured. */
export async function liveClusters(context: CommandContext): Promise<LiveCluster[]> {
  const instance = await openRunningInstance(context);
  if (instance === null) return [];
  try {
    const parsed = clustersReply.safeParse(await instance.getJson('/api/v1/clusters?steps=1'));
    if (parsed.success) return parsed.data.clusters;
    const message = 'the instance answered in a form that this version does not know';
    throw new TailraceError('TR_INTERNAL', message, { cause: parsed.error });
  } finally {
    await instance.close();
  }
}
