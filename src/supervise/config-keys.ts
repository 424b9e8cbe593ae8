import type { Config } from '../config/schema.ts';
import type { KeyEntry } from '../serve/key-table.ts';

/** Keys declared in the configuration, as the request path knows keys. */
export const configKeys = (config: Config): KeyEntry[] =>
  config.keys.map((key) => ({
    id: `config:${key.name}`,
    name: key.name,
    sha256: key.hash.slice('sha256:'.length),
    services: key.services,
    tenant: key.tenant ?? null,
    admin: key.admin,
  }));
