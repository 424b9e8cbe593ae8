/** One request of a simulated workload. */
export interface ServingRequest {
  /** Seconds on the workload's clock, in ascending order. */
  arrivalS: number;
  promptTokens: number;
  outputTokens: number;
  /** Lower goes first on engines that schedule by priority. */
  priority?: number;
  /** Content of the prompt, one id per `tokensPerBlockId` tokens; equal ids mean equal text up to there. */
  blockIds?: readonly number[] | null;
  tokensPerBlockId?: number;
  /** Tokens generated elsewhere already, and tokens whose KV comes along. Default 0. */
  generatedTokens?: number;
  receivedTokens?: number;
}
