import type { ServiceAnswer } from '../../measure/answers/answers.ts';
import type { Window } from '../../measure/ledger/ledger.ts';

/** What a service's traffic was over a window. */
export interface ServiceLoad {
  ratePerS: number;
  inputTokens: number;
  outputTokens: number;
}

/** A service changes its load by a tenth before it is planned anew. */
const LOAD_STEP = 1.1;

/** Mean load over the window, rounded; null without replies, or where their tokens are unknown. */
export function serviceLoad({ requests }: ServiceAnswer, window: Window): ServiceLoad | null {
  const { succeeded, tokensIn, tokensOut } = requests;
  const spanS = (window.toMs - window.fromMs) / 1000;
  if (succeeded === 0 || tokensIn === 0 || tokensOut === 0) return null;
  return {
    ratePerS: rounded(succeeded / spanS),
    inputTokens: rounded(tokensIn / succeeded),
    outputTokens: rounded(tokensOut / succeeded),
  };
}

const rounded = (value: number): number =>
  Number((LOAD_STEP ** Math.round(Math.log(value) / Math.log(LOAD_STEP))).toPrecision(6));
