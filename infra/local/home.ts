import path from 'node:path';

/** Folder of the checkout. */
export const projectRoot = path.resolve(import.meta.dirname, '..', '..');

/** Folder of a platform's state: KHIPU_HOME, else `.khipu` of this checkout, wherever the command was typed. */
export const homeDir = (env: NodeJS.ProcessEnv = process.env): string =>
  path.resolve(projectRoot, env['KHIPU_HOME'] || '.khipu');

export const homeFiles = (dir: string) => ({
  run: path.join(dir, 'run.json'),
  start: path.join(dir, 'start.json'),
  localEnv: path.join(dir, 'local.env'),
  apiKey: path.join(dir, 'keys', 'api-key'),
  log: (name: string) => path.join(dir, 'logs', `${name}.log`),
});

/** A path as a person would type it from the checkout. */
export const shortPath = (file: string): string => {
  const relative = path.relative(process.cwd(), file);
  return relative.startsWith('..') ? file : relative || '.';
};
