import { useSyncExternalStore } from 'react';
import { useApp } from '../app-context.ts';
import { Segmented } from '../ui/segmented.tsx';
import { HalfIcon, MoonIcon, SunIcon } from './icons.tsx';
import type { ThemeChoice } from './theme.ts';

const OPTIONS = [
  { value: 'system' as ThemeChoice, label: 'Auto theme', icon: <HalfIcon /> },
  { value: 'light' as ThemeChoice, label: 'Light theme', icon: <SunIcon /> },
  { value: 'dark' as ThemeChoice, label: 'Dark theme', icon: <MoonIcon /> },
];

export function ThemeChoiceControl() {
  const { themes } = useApp();
  const choice = useSyncExternalStore(themes.subscribe, themes.choice);
  return (
    <Segmented
      label="Theme"
      value={choice}
      options={OPTIONS}
      onChange={(next) => {
        themes.choose(next);
      }}
    />
  );
}
