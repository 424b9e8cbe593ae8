import { randomBytes } from 'node:crypto';
import type { Clock } from '../../records/clock.ts';
import { TailraceError } from '../../records/errors.ts';
import { newId } from '../../records/ids.ts';
import { readLink, signLink } from './link-token.ts';
import type { VendorDb } from './vendor-db.ts';
import { VENDOR_LIMITS } from './vendor-records.ts';

/** A link through which a vendor fills in the questionnaire. Times are Unix milliseconds. */
export interface VendorLink {
  id: string;
  vendor: string;
  /** Who it was made for: what comes through it is answered by them. */
  recipient: string;
  createdAtMs: number;
  expiresAtMs: number;
  revokedAtMs: number | null;
  /** When answers last came through it. */
  usedAtMs: number | null;
}

export interface VendorLinks {
  /** Makes a link; `token` is its secret part. TR_FIELD_INVALID, TR_NOT_FOUND. */
  create(vendor: string, recipient: string, days: number): Promise<VendorLink & { token: string }>;
  list(vendor: string): Promise<VendorLink[]>;
  /** Null when there is no such link. */
  revoke(id: string): Promise<VendorLink | null>;
  /** The link of a token; throws TR_LINK_INVALID (forged or withdrawn) or TR_LINK_EXPIRED. */
  open(token: string): Promise<VendorLink>;
  markUsed(id: string): Promise<void>;
}

const DAY_MS = 86_400_000;
export const MAX_LINK_DAYS = 90;
const SECRET = 'links';

export function openVendorLinks(db: VendorDb, clock: Clock): VendorLinks {
  const find = async (id: string): Promise<VendorLink | null> => {
    const query = db.selectFrom('vendorLinks').selectAll().where('id', '=', id);
    return (await query.executeTakeFirst()) ?? null;
  };
  return {
    async create(vendor, recipient, days) {
      if (!(days > 0 && days <= MAX_LINK_DAYS)) {
        refuse('TR_FIELD_INVALID', `a link lasts 1 to ${MAX_LINK_DAYS} days`, 'days');
      }
      if (!/^[^\p{Cc}]{1,200}$/u.test(recipient)) {
        refuse('TR_FIELD_INVALID', 'say whom it is for, in 1 to 200 characters', 'recipient');
      }
      const createdAtMs = clock.wallMs();
      const expiresAtMs = Math.floor(createdAtMs + days * DAY_MS);
      const link = {
        id: newId(createdAtMs),
        vendor,
        recipient,
        createdAtMs,
        expiresAtMs,
        revokedAtMs: null,
        usedAtMs: null,
      };
      await insertLink(db, link);
      return { ...link, token: signLink(await secretOf(db), link) };
    },
    list: (vendor) =>
      db
        .selectFrom('vendorLinks')
        .selectAll()
        .where('vendor', '=', vendor)
        .orderBy('createdAtMs')
        .execute(),
    async revoke(id) {
      await db
        .updateTable('vendorLinks')
        .set({ revokedAtMs: clock.wallMs() })
        .where('id', '=', id)
        .where('revokedAtMs', 'is', null)
        .execute();
      return find(id);
    },
    async open(token) {
      const claim = readLink(await secretOf(db), token, clock.wallMs());
      if (!claim.ok) throw claim.error;
      const link = await find(claim.value.id);
      if (link === null || link.revokedAtMs !== null) {
        refuse('TR_LINK_INVALID', 'this link was withdrawn; ask for a new one', 'token');
      }
      return link;
    },
    async markUsed(id) {
      await db
        .updateTable('vendorLinks')
        .set({ usedAtMs: clock.wallMs() })
        .where('id', '=', id)
        .execute();
    },
  };
}

async function insertLink(db: VendorDb, link: VendorLink): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const known = await trx
      .selectFrom('vendors')
      .select('id')
      .where('id', '=', link.vendor)
      .executeTakeFirst();
    if (known === undefined) {
      refuse('TR_NOT_FOUND', `there is no vendor "${link.vendor.slice(0, 63)}"`, 'vendor');
    }
    const live = await trx
      .selectFrom('vendorLinks')
      .select('id')
      .where('vendor', '=', link.vendor)
      .where('revokedAtMs', 'is', null)
      .where('expiresAtMs', '>', link.createdAtMs)
      .execute();
    if (live.length >= VENDOR_LIMITS.linksPerVendor) {
      refuse('TR_FIELD_INVALID', `${live.length} links work already; withdraw some`, 'vendor');
    }
    await trx.insertInto('vendorLinks').values(link).execute();
  });
}

/** The key that signs links: 256 random bits, made with the first link and kept with the state (mode 600). */
async function secretOf(db: VendorDb): Promise<Uint8Array> {
  await db
    .insertInto('vendorSecrets')
    .values({ name: SECRET, secret: randomBytes(32) })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute();
  const row = await db
    .selectFrom('vendorSecrets')
    .select('secret')
    .where('name', '=', SECRET)
    .executeTakeFirstOrThrow();
  return row.secret;
}

function refuse(
  code: 'TR_FIELD_INVALID' | 'TR_NOT_FOUND' | 'TR_LINK_INVALID',
  message: string,
  field: string,
): never {
  throw new TailraceError(code, message, { field });
}
