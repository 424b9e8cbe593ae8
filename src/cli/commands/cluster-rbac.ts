import { readerRole } from '../../plan/cluster-replay/live/reader-role.ts';
import { TailraceError } from '../../records/errors.ts';
import { type Command, EXIT } from '../command.ts';
import { textValue } from '../option-values.ts';

/** DNS label of RFC 1123, as Kubernetes asks of the names of accounts and namespaces. */
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** `tailrace cluster rbac`: the rights that reading a cluster needs, ready to apply. */
export const clusterRbac: Command = {
  name: 'cluster rbac',
  summary: 'print the account and role that reading a Kubernetes cluster needs',
  usage: 'tailrace cluster rbac [options]',
  description: [
    'Prints a ServiceAccount, a ClusterRole that may list nodes, pods, quotas, events, use and Kueue',
    'queues and may change nothing, and their binding. Read it, then apply it yourself.',
    '',
    'Exit code: 0 printed, 2 wrong usage.',
  ].join('\n'),
  examples: ['tailrace cluster rbac', 'tailrace cluster rbac --namespace monitoring'],
  options: {
    name: { type: 'string', value: 'NAME', description: 'of account and role (tailrace-reader)' },
    namespace: { type: 'string', value: 'NAME', description: 'of the account (tailrace)' },
  },
  positionalsMax: 0,
  async run({ values, stdout }) {
    const name = textValue(values, 'name') ?? 'tailrace-reader';
    const namespace = textValue(values, 'namespace') ?? 'tailrace';
    for (const [field, value] of Object.entries({ name, namespace })) {
      if (LABEL.test(value)) continue;
      const message = `--${field} is lower-case letters, digits and "-", at most 63, not "${value}"`;
      throw new TailraceError('TR_USAGE', message, { field });
    }
    stdout.write(readerRole(name, namespace));
    return EXIT.ok;
  },
};
