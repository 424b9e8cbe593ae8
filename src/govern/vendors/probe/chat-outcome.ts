/** What came of one chat request. Times are milliseconds from its sending; null is not seen. */
export interface ChatOutcome {
  stream: boolean;
  words: number | null;
  canary: number | null;
  maxTokens: number;
  /** Null when the connection failed before a status came. */
  status: number | null;
  contentType: string;
  headers: Readonly<Record<string, string>>;
  /** The connection broke, or time ran out, before the reply had ended. */
  broken: string | null;
  model: string | null;
  fingerprint: string | null;
  text: string;
  finishReason: string | null;
  usage: ChatUsage | null;
  ttftMs: number | null;
  lastTokenMs: number | null;
  e2eMs: number;
  /** Moments at which text came; one for a reply that came whole. */
  arrivals: number;
  /** What is wrong with the form of the reply; empty when nothing is. */
  faults: string[];
}

export interface ChatUsage {
  promptTokens: number;
  completionTokens: number;
  totalTokens: number | null;
  reasoningTokens: number;
}

/** A reply came, with a status that says so, to its end. */
export const isComplete = (one: ChatOutcome): boolean =>
  one.status === 200 && one.broken === null && one.faults.length === 0;
