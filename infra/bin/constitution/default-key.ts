import { homeDir } from '../../local/home.ts';
import { keyFiles } from '../../security/key-paths.ts';

/** Returns the file of the keys that sign constitutions and manifests on this machine. */
export const defaultKey = (): string =>
  `${process.env['KHIPU_KEYS_DIR'] ?? `${homeDir()}/keys`}/${keyFiles.constitution}`;
