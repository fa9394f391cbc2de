import path from 'node:path';

/** Folder of the checkout. */
export const projectRoot = path.resolve(import.meta.dirname, '..', '..');

/** Returns the folder of a platform's state: KHIPU_HOME, else `.khipu` of this checkout, from any working directory. */
export const homeDir = (env: NodeJS.ProcessEnv = process.env): string =>
  path.resolve(projectRoot, env['KHIPU_HOME'] || '.khipu');

/** Returns the paths of a platform's files. */
export const homeFiles = (dir: string) => ({
  run: path.join(dir, 'run.json'),
  start: path.join(dir, 'start.json'),
  /** For clients: the URL of the platform, and a key. */
  clientEnv: path.join(dir, 'client.env'),
  /** For operators: the same, and all parts with their passwords. */
  localEnv: path.join(dir, 'local.env'),
  apiKey: path.join(dir, 'keys', 'api-key'),
  log: (name: string) => path.join(dir, 'logs', `${name}.log`),
});

/** Returns a path relative to the working directory when it is below it. */
export const shortPath = (file: string): string => {
  const relative = path.relative(process.cwd(), file);
  return relative.startsWith('..') ? file : relative || '.';
};
