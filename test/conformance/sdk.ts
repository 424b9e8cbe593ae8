import { aiSdkConformance } from './ai-sdk.ts';
import { anthropicSdkConformance } from './anthropic-sdk.ts';
import { openaiSdkConformance } from './openai-sdk.ts';
import { refusalConformance } from './refusals.ts';
import type { SdkTarget } from './target.ts';

/**
 * Drives the official SDKs against a gateway (or, to prove the suite itself, against the wire
 * upstream) with both client dialects and both engine families: chat, streams, tools, embeddings,
 * aborts and errors. `getGateway` is called when tests run, not when they are declared. Models: see
 * SdkTarget and `faultModels` in target.ts. `translates: false` leaves out what only a translating
 * gateway refuses.
 */
export function sdkConformance(
  getGateway: () => SdkTarget,
  options: { translates: boolean } = { translates: true },
): void {
  openaiSdkConformance(getGateway);
  anthropicSdkConformance(getGateway);
  aiSdkConformance(getGateway);
  if (options.translates) refusalConformance(getGateway);
}
