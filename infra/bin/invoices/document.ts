import { writeFile } from 'node:fs/promises';
import { ask } from '../api/ask.ts';

export type DocumentName = 'csv' | 'pdf' | 'focus';

interface Options {
  readonly payer?: string;
  readonly out?: string;
}

/** Writes a document of a month to a file or to standard output. Rejects like `ask`. */
export async function writeDocument(name: DocumentName, period: string, { payer, out }: Options): Promise<void> {
  const query = payer === undefined ? {} : { payer };
  const init = { params: { path: { period }, query }, parseAs: 'arrayBuffer' as const };
  const bytes = await ask(async (api) => {
    if (name === 'focus')
      return api.GET('/v1/costs/focus.csv', { params: { query: { ...query, period } }, parseAs: 'arrayBuffer' });
    return name === 'csv' ? api.GET('/v1/invoices/{period}/csv', init) : api.GET('/v1/invoices/{period}/pdf', init);
  });
  const content = Buffer.from(bytes as ArrayBuffer);
  if (out === undefined) process.stdout.write(content);
  else await writeFile(out, content);
}
