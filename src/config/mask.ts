import { formatPath, type Path } from './problems.ts';
import type { Config } from './schema.ts';

export const MASK = '***';

/** Paths that hold a secret wherever it came from: keys of engines and sources, tokens of clusters, header values, key hashes. */
function isSecretField(path: Path): boolean {
  const [list, , field] = path;
  if (list === 'engines') return field === 'apiKey' || (field === 'headers' && path.length === 4);
  if (list === 'clusters') return field === 'token';
  return (list === 'keys' && field === 'hash') || (list === 'sources' && field === 'apiKey');
}

/**
 * A copy of the configuration that may be printed: `***` for keys of engines and sources, header
 * values, key hashes and everything that was substituted from the environment or a file.
 */
export function maskConfig(loaded: { config: Config; secretPaths: ReadonlySet<string> }): unknown {
  const copy = (value: unknown, path: Path): unknown => {
    if (isSecretField(path) || loaded.secretPaths.has(formatPath(path))) return MASK;
    if (Array.isArray(value)) return value.map((item, i) => copy(item, [...path, i]));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, copy(inner, [...path, key])]),
    );
  };
  return copy(loaded.config, []);
}
