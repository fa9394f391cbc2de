import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { urlBelow } from '../../client/url.ts';
import { projectRoot } from '../../local/home.ts';
import { gatewayOf } from '../api/ask.ts';
import { failure } from '../failure.ts';

function docsUrl(): string {
  const page = path.join(projectRoot, '.khipu', 'site', 'index.html');
  if (existsSync(page)) return pathToFileURL(page).href;
  throw failure('DOCS_NOT_BUILT', 'the documentation is not built on this machine: npm run docs:build');
}

/** The pages that `khipu open` knows, each with its URL. */
export const targets: Readonly<Record<string, () => string>> = {
  /** The API reference that the gateway serves. */
  api: () => urlBelow(gatewayOf().url, 'docs').href,
  docs: docsUrl,
};

/** Returns the program that opens a URL in the browser of this operating system. */
export const openerOf = (platform: NodeJS.Platform): string => (platform === 'darwin' ? 'open' : 'xdg-open');
