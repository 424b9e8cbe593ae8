import { findProvider } from '@pydantic/genai-prices';
import { accelerators, findAccelerator } from '../catalog/accelerators.ts';
import { findModel, models } from '../catalog/models.ts';
import type { CatalogNames } from './cross-check.ts';

/** For suggestions only: the price package can be asked about an id, but lists none. */
const COMMON_PROVIDERS = [
  'anthropic',
  'aws',
  'azure',
  'cerebras',
  'cohere',
  'deepseek',
  'fireworks',
  'google',
  'groq',
  'mistral',
  'openai',
  'openrouter',
  'perplexity',
  'together',
];

/** The catalog that ships with Tailrace, as the configuration checks ask it. */
export const catalogNames: CatalogNames = {
  hasAccelerator: (id) => findAccelerator(id) !== null,
  acceleratorIds: () => accelerators().map((one) => one.id),
  hasModel: (id) => findModel(id) !== null,
  modelIds: () => models().map((one) => one.id),
  hasProvider: (ask) => {
    const options = 'provider' in ask ? { providerId: ask.provider } : { providerApiUrl: ask.url };
    return findProvider(options) !== undefined;
  },
  providerIds: () => [...COMMON_PROVIDERS],
};
