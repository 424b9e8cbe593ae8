/**
 * Keeps retries from doubling the load on engines that already fail: each request earns a share of a
 * retry, each retry spends one (Finagle's retry budget). `reserve` lets a quiet route retry at all.
 */
export interface RetryBudget {
  noteRequest(): void;
  trySpend(): boolean;
}

const reserve = 10;
const cap = 100;

export function createRetryBudget(budgetPercent: number): RetryBudget {
  let balance = budgetPercent > 0 ? reserve : 0;
  return {
    noteRequest() {
      balance = Math.min(cap, balance + budgetPercent / 100);
    },
    trySpend() {
      if (balance < 1) return false;
      balance -= 1;
      return true;
    },
  };
}
