export type ThemeChoice = 'system' | 'light' | 'dark';
export type Theme = 'light' | 'dark';

/** The same key and attribute as public/theme.js, which runs before the first paint. */
const STORE_KEY = 'tailrace.theme';

export interface ThemeStore {
  choice: () => ThemeChoice;
  /** What is on the page now; light while printing. */
  theme: () => Theme;
  choose: (choice: ThemeChoice) => void;
  subscribe: (listener: () => void) => () => void;
}

/** Keeps `<html data-theme>` in step with the choice, the system and the printer. */
export function createThemeStore(window: Window, storage: Storage | null): ThemeStore {
  const system = window.matchMedia('(prefers-color-scheme: dark)');
  const listeners = new Set<() => void>();
  let choice = readChoice(storage);
  let printing = false;
  let theme: Theme = 'light';
  const apply = (): void => {
    const dark = choice === 'dark' || (choice === 'system' && system.matches);
    theme = dark && !printing ? 'dark' : 'light';
    window.document.documentElement.dataset['theme'] = theme;
    for (const listener of listeners) listener();
  };
  const print = (now: boolean) => (): void => {
    printing = now;
    apply();
  };
  system.addEventListener('change', apply);
  window.addEventListener('beforeprint', print(true));
  window.addEventListener('afterprint', print(false));
  apply();
  return {
    choice: () => choice,
    theme: () => theme,
    choose: (next) => {
      choice = next;
      if (next === 'system') storage?.removeItem(STORE_KEY);
      else storage?.setItem(STORE_KEY, next);
      apply();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}

function readChoice(storage: Storage | null): ThemeChoice {
  const stored = storage?.getItem(STORE_KEY);
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}
