import type { Kysely } from 'kysely';
import { Migrator, type Migration, type MigratorProps } from 'kysely/migration';
import { TailraceError } from '../../records/errors.ts';

/**
 * Brings tables of an open database to their newest form. `what` names them in the errors:
 * TR_STATE_NEWER when a newer Tailrace wrote them, TR_STATE_MISSING when it cannot be done. The
 * database stays open either way.
 */
export async function migrateTables<Tables>(
  db: Kysely<Tables>,
  migrations: Readonly<Record<string, Migration>>,
  what: string,
  names: Pick<MigratorProps, 'migrationTableName' | 'migrationLockTableName'> = {},
): Promise<void> {
  const provider = { getMigrations: async () => migrations };
  const cause = await new Migrator({ db, provider, ...names }).migrateToLatest().then(
    ({ error }) => error,
    (error: unknown) => error,
  );
  if (cause === undefined) return;
  const reason = cause instanceof Error ? cause.message : 'unknown reason';
  const isNewer = reason.includes('previously executed migration');
  throw new TailraceError(
    isNewer ? 'TR_STATE_NEWER' : 'TR_STATE_MISSING',
    isNewer
      ? `${what} was written by a newer Tailrace; update this one`
      : `${what} cannot be opened: ${reason}`,
    { cause },
  );
}
