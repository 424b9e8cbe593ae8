import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { followEvents, type LiveState } from '../api/live.ts';
import { refreshLive } from '../api/queries.ts';
import { useApp } from '../app-context.ts';

/** Shortest time between two reads caused by ticks, so that a busy gateway is not asked for more. */
const MIN_REFRESH_MS = 2_000;

/** Keeps the page's figures fresh while it is visible; one event stream per tab. */
export function useLive(key: string | null): LiveState {
  const { client } = useApp();
  const queries = useQueryClient();
  const [state, setState] = useState<LiveState>('off');
  const visible = useVisible();
  useEffect(() => {
    if (key === null || !visible) return;
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | null = null;
    const onTick = (): void => {
      timer ??= setTimeout(() => {
        timer = null;
        void refreshLive(queries);
      }, MIN_REFRESH_MS);
    };
    void followEvents({ client, signal: stop.signal, onTick, onState: setState });
    return () => {
      stop.abort();
      if (timer !== null) clearTimeout(timer);
    };
  }, [client, queries, key, visible]);
  return state;
}

function useVisible(): boolean {
  const [visible, setVisible] = useState(() => document.visibilityState === 'visible');
  useEffect(() => {
    const update = (): void => {
      setVisible(document.visibilityState === 'visible');
    };
    document.addEventListener('visibilitychange', update);
    return () => {
      document.removeEventListener('visibilitychange', update);
    };
  }, []);
  return visible;
}
