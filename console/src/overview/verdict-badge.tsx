import type { ServiceAnswer } from '../api/types.ts';
import { Badge, type Tone } from '../ui/badge.tsx';

const VERDICTS: Record<ServiceAnswer['verdict'], { label: string; tone: Tone }> = {
  'within-target': { label: 'Within target', tone: 'good' },
  'target-missed': { label: 'Target missed', tone: 'bad' },
  'red-flag': { label: 'Red flag: an answer is missing', tone: 'warn' },
};

export function VerdictBadge({ verdict }: { verdict: ServiceAnswer['verdict'] }) {
  const { label, tone } = VERDICTS[verdict];
  return <Badge tone={tone}>{label}</Badge>;
}
