import { clientDialectConformance, type Expressible } from './conformance.ts';
import { clientDialects, engineDialects } from './index.ts';
import type { ClientDialect } from '../../records/request-record.ts';

const chat: Expressible = {
  kind: 'chat',
  tools: true,
  images: true,
  choices: 3,
  temperatureMax: 2,
  jsonObject: true,
  topK: true,
  user: true,
  toolErrors: false,
};

const expressible: Record<ClientDialect, Expressible> = {
  'openai-chat': chat,
  'openai-completions': { ...chat, kind: 'completion', tools: false, images: false },
  'openai-embeddings': { ...chat, kind: 'embedding', tools: false, images: false },
  'anthropic-messages': {
    ...chat,
    choices: 1,
    temperatureMax: 1,
    jsonObject: false,
    toolErrors: true,
  },
};

for (const form of clientDialects) {
  clientDialectConformance(form, engineDialects[form.native], expressible[form.id]);
}
