import type { Config } from '../config/schema.ts';
import type { KeyEntry } from '../serve/key-table.ts';

const entry = (key: Config['keys'][number]): KeyEntry => ({
  id: `config:${key.name}`,
  name: key.name,
  sha256: key.hash.slice('sha256:'.length),
  services: key.services,
  tenant: key.tenant ?? null,
  admin: key.admin,
});

/** Keys declared in the configuration, as the request path knows keys: those that only push are none of its business. */
export const configKeys = (config: Config): KeyEntry[] =>
  config.keys.filter((key) => !key.ingest).map(entry);

/** Keys that may push telemetry, besides those of admins. */
export const ingestKeys = (config: Config): KeyEntry[] =>
  config.keys.filter((key) => key.ingest).map(entry);
