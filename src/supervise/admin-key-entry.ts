import { hash } from 'node:crypto';
import type { KeyEntry } from '../serve/key-table.ts';

/** The admin key of the instance in the form in which keys are compared. */
export const adminKeyEntry = (key: string): KeyEntry => ({
  id: 'instance',
  name: 'instance',
  sha256: hash('sha256', key, 'hex'),
  services: [],
  tenant: null,
  admin: true,
});
