/** How to reach and convince an API server. Secrets live here and are never printed. */
export interface KubeAccess {
  /** `https://host:port`, without a slash at the end. */
  server: string;
  /** PEM; null trusts what the system trusts. */
  caPem: string | null;
  skipTlsVerify: boolean;
  /** Host name that the certificate must name, when not that of `server`. */
  serverName: string | null;
  clientCertificatePem: string | null;
  clientKeyPem: string | null;
  /** Asked for before every list: tokens of service accounts and plug-ins expire. */
  token(): Promise<string | null>;
  /** Where it came from, for messages: a file and its context, or the cluster itself. */
  source: string;
}

/** What reading access needs from outside. */
export interface KubeAccessIo {
  env: Readonly<Record<string, string | undefined>>;
  /** Unix milliseconds; without it no credential of a plug-in is kept for a second request. */
  nowMs?(): number;
  readFile(path: string): Promise<string>;
  /** Runs a credential plug-in and gives what it prints. */
  exec(command: string, args: readonly string[], env: Record<string, string>): Promise<string>;
}
