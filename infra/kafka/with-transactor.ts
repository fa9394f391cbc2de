import type { Log, Transactor } from './port.ts';

/** Opens a transactor, runs work with it, and closes it. Opening fences every older holder of the id. */
export async function withTransactor<T>(
  log: Pick<Log, 'transactor'>,
  id: string,
  work: (transactor: Transactor) => Promise<T>,
): Promise<T> {
  const transactor = await log.transactor(id);
  try {
    return await work(transactor);
  } finally {
    await transactor.close();
  }
}

/** Fences every older holder of these ids, one after the other. Their open transactions are ended. */
export async function fenceAll(log: Pick<Log, 'transactor'>, ids: readonly string[]): Promise<void> {
  for (const id of ids) await withTransactor(log, id, () => Promise.resolve());
}
