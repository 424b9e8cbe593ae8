import type { IncomingMessage, ServerResponse } from 'node:http';
import { TailraceError } from '../records/errors.ts';
import { clientDialects } from './dialects/index.ts';
import { authenticate } from './phases/authenticate.ts';
import type { ServeState } from './serve-request.ts';

/** Any fixed time serves: the field is required and says when the *model* was made, which we do not know. */
const createdAtS = 1_700_000_000;

/**
 * `GET /v1/models` and `/v1/models/{id}`: what this key may ask for, in the shape of the client's dialect (Anthropic
 * clients send anthropic-version).
 */
export function answerModels(
  req: IncomingMessage,
  res: ServerResponse,
  path: string,
  requestId: string,
  state: ServeState,
): void {
  const anthropic = req.headers['anthropic-version'] !== undefined;
  const key = authenticate(req.headers, state.keys);
  if (!key.ok) return sendError(res, key.error, requestId, anthropic);
  const { services } = key.value;
  const models = state.topology.services
    .filter(({ config }) => services.length === 0 || services.includes(config.name))
    .flatMap(({ config }) => config.models.map((id) => ({ id, owner: config.owner })));
  const wanted = decoded(path.slice('/v1/models'.length + 1));
  const view = (model: Model) => (anthropic ? anthropicModel(model) : openAiModel(model));
  if (wanted === '') return send(res, 200, list(models.map(view), anthropic), requestId);
  const model = models.find(({ id }) => id === wanted);
  if (model !== undefined) return send(res, 200, view(model), requestId);
  const error = new TailraceError(
    'TR_MODEL_UNKNOWN',
    `no service of this key serves "${wanted.slice(0, 128)}"`,
    {
      field: 'model',
    },
  );
  return sendError(res, error, requestId, anthropic);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

interface Model {
  id: string;
  owner: string;
}

const openAiModel = ({ id, owner }: Model) => ({
  id,
  object: 'model',
  created: createdAtS,
  owned_by: owner,
});

const anthropicModel = ({ id }: Model) => ({
  type: 'model',
  id,
  display_name: id,
  created_at: new Date(createdAtS * 1000).toISOString(),
});

function list(data: Array<{ id: string }>, anthropic: boolean): Record<string, unknown> {
  if (!anthropic) return { object: 'list', data };
  const ids = data.map(({ id }) => id);
  return { data, has_more: false, first_id: ids[0] ?? null, last_id: ids.at(-1) ?? null };
}

export function send(
  res: ServerResponse,
  status: number,
  body: Record<string, unknown>,
  requestId: string,
): void {
  const bytes = Buffer.from(JSON.stringify(body));
  res.writeHead(status, {
    'content-type': 'application/json',
    'content-length': bytes.length,
    'x-request-id': requestId,
  });
  res.end(bytes);
}

/** An error outside any one exchange, in the shape of the client's likely dialect. */
export function sendError(
  res: ServerResponse,
  error: TailraceError,
  requestId: string,
  anthropic: boolean,
): void {
  const id = anthropic ? 'anthropic-messages' : 'openai-chat';
  const dialect = clientDialects.find((one) => one.id === id);
  send(res, error.status, dialect?.errorBody(error, requestId) ?? {}, requestId);
}
