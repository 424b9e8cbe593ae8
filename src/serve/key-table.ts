/** A key as the request path knows it: its hash, never itself. */
export interface KeyEntry {
  id: string;
  name: string;
  /** Lower-case hex SHA-256 of the whole key string. */
  sha256: string;
  /** Empty: every service. */
  services: string[];
  tenant: string | null;
  admin: boolean;
}
