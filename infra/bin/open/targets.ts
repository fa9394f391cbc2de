import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { urlBelow } from '../../client/url.ts';
import { projectRoot } from '../../local/home.ts';
import { gatewayOf } from '../api/ask.ts';
import { failure } from '../failure.ts';
import { pages } from './pages.ts';

function docsUrl(): string {
  const page = path.join(projectRoot, '.khipu', 'site', 'index.html');
  if (existsSync(page)) return pathToFileURL(page).href;
  throw failure('DOCS_NOT_BUILT', 'the documentation is not built on this machine: npm run docs:build');
}

const ofGateway = Object.entries(pages).map(([name, page]) => [
  name,
  (): string => urlBelow(gatewayOf().url, page.path).href,
]);

/** The targets of `khipu open`, each with its URL: the pages of the gateway, and the built documentation. */
export const targets: Readonly<Record<string, () => string>> = { ...Object.fromEntries(ofGateway), docs: docsUrl };

/** Returns the program that opens a URL in the browser of this operating system. */
export const openerOf = (platform: NodeJS.Platform): string => (platform === 'darwin' ? 'open' : 'xdg-open');
