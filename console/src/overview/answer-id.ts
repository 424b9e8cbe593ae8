/**
 * Names one figure of one service for tests (`data-testid`); its raw value as the API sent it is
 * then in `data-value`. Latency figures are named by metric and percentile: `ttft-p95`.
 */
export const answerId = (service: string, figure: string): string => `answer-${service}-${figure}`;
