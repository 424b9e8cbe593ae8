import { z } from '@hono/zod-openapi';
import { apiError } from './schema.ts';

/** Root of the control API. */
export const API = '/api/v1';

const errorSchema = apiError.meta({ id: 'ApiError' });

/** A JSON reply in an OpenAPI document. */
export const json = <T extends z.ZodType>(schema: T, description: string) => ({
  description,
  content: { 'application/json': { schema } },
});

/** What any endpoint may answer besides its own reply. */
export const failures = {
  default: json(
    errorSchema,
    'Refused or failed; `code` is stable, `field` names what is at fault.',
  ),
};

export const SECURITY_SCHEME = 'adminKey';
export const securityScheme = {
  type: 'http',
  scheme: 'bearer',
  description: 'An admin key; `tailrace keys create --admin` makes one.',
} as const;
export const security = [{ [SECURITY_SCHEME]: [] }];
