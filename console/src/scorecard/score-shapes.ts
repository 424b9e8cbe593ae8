import type { ReplyOf } from '../api/get.ts';
import type { Tone } from '../ui/badge.tsx';

export type Score = ReplyOf<'score'>;
export type Category = Score['categories'][number];
export type Condition = Category['conditions'][number];
export type Evidence = Condition['evidence'][number];
export type Roadmap = ReplyOf<'roadmap'>;
export type Action = Roadmap['actions'][number];

export const LEVELS: Record<Category['proven'], { label: string; tone: Tone }> = {
  0: { label: '0 unclear', tone: 'bad' },
  1: { label: '1 partially defined', tone: 'warn' },
  2: { label: '2 disciplined and measured', tone: 'good' },
};

export const GRADES = ['none', 'claimed', 'a document', 'measured', 'measured, checked outside'];

export const STATES: Record<Condition['state'], { label: string; tone: Tone }> = {
  met: { label: 'met', tone: 'good' },
  unmet: { label: 'unmet', tone: 'bad' },
  'not-collectable': { label: 'not collectable yet', tone: 'neutral' },
  'not-applicable': { label: 'not applicable', tone: 'neutral' },
};

export const READINGS: Record<Score['reading'], { label: string; tone: Tone }> = {
  scale: { label: 'Scale', tone: 'good' },
  'fund-with-conditions': { label: 'Fund with conditions', tone: 'warn' },
  'spending-risk': { label: 'AI spending risk', tone: 'bad' },
};

export const ROLE_WORDS: Record<Action['role'], string> = {
  platform: 'Platform',
  capacity: 'Capacity & performance',
  serving: 'Serving & cost',
  data: 'Data',
  security: 'Security & risk',
  facilities: 'Facilities',
};
