import type { Result } from '../../../records/errors.ts';
import type { RequestFacts } from '../dialect.ts';
import {
  nameAt,
  optionalBoolean,
  optionalObject,
  reading,
  type JsonObject,
} from '../json-fields.ts';

export function generationFacts(body: JsonObject): Result<RequestFacts> {
  return reading(() => {
    const options = optionalObject(body['stream_options'], 'stream_options');
    const include = options?.['include_usage'];
    return {
      model: nameAt(body['model'], 'model'),
      stream: optionalBoolean(body['stream'], 'stream') ?? false,
      wantsUsage: optionalBoolean(include, 'stream_options.include_usage') ?? false,
    };
  });
}
