import { useSyncExternalStore } from 'react';
import { useApp } from '../app-context.ts';
import { Segmented } from '../ui/segmented.tsx';
import type { ThemeChoice } from './theme.ts';

const OPTIONS: ReadonlyArray<{ value: ThemeChoice; label: string; title: string }> = [
  { value: 'system', label: 'Auto', title: 'Follow the system' },
  { value: 'light', label: 'Light', title: 'Light theme' },
  { value: 'dark', label: 'Dark', title: 'Dark theme' },
];

export function ThemeChoiceControl() {
  const { themes } = useApp();
  const choice = useSyncExternalStore(themes.subscribe, themes.choice);
  return (
    <Segmented label="Theme" value={choice} options={OPTIONS} onChange={(v) => themes.choose(v)} />
  );
}
