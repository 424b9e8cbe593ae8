import { mkdir, open, unlink } from 'node:fs/promises';

/** The few file operations of the writer, handed in so that tests can fill or break the disk. */
export interface JournalFs {
  /** Makes the folder if it is not there. */
  makeDir(path: string): Promise<void>;
  /** Creates the file; fails with EEXIST if it is there. */
  create(path: string): Promise<JournalFile>;
  remove(path: string): Promise<void>;
  /** Makes the names in a folder durable. */
  syncDir(path: string): Promise<void>;
}

export interface JournalFile {
  /** May write less than it is given; resolves to the bytes written. */
  write(bytes: Buffer, position: number): Promise<number>;
  sync(): Promise<void>;
  /** False once the name was removed: what is written then is never read. */
  isLinked(): Promise<boolean>;
  close(): Promise<void>;
}

/** Folder and files are for the owner only: records may hold prompts. */
export const realJournalFs: JournalFs = {
  makeDir: async (path) => void (await mkdir(path, { recursive: true, mode: 0o700 })),
  async create(path) {
    const handle = await open(path, 'wx', 0o600);
    return {
      write: async (bytes, position) =>
        (await handle.write(bytes, 0, bytes.length, position)).bytesWritten,
      sync: () => handle.datasync(),
      isLinked: async () => (await handle.stat()).nlink > 0,
      close: () => handle.close(),
    };
  },
  remove: unlink,
  async syncDir(path) {
    const handle = await open(path, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
};
