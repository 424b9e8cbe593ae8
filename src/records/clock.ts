/**
 * Time is handed in, never read. `wallMs` orders records across processes (Unix epoch,
 * milliseconds, may step); `monoMs` measures durations (arbitrary origin, never steps back).
 */
export interface Clock {
  wallMs(): number;
  monoMs(): number;
}

export const systemClock: Clock = {
  wallMs: () => Date.now(),
  monoMs: () => performance.now(),
};
