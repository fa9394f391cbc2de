import { existsSync, readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../shared/app-type.ts';
import { Problem } from '../shared/problems/problem.ts';
import { builtFolder } from './built.ts';

/** Everything comes from this gateway; nothing is inline, framed or sent elsewhere. */
const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** A file whose name has a hash of its content never changes. */
const YEAR_S = 31_536_000;
/** Time in which a build of the console ends, for `Retry-After`. */
const BUILD_S = 5;

/** The files of a built console. */
interface Built {
  readonly folder: string;
  /** Paths below the folder, with `/`. */
  readonly files: ReadonlySet<string>;
}

/** Returns the built console of a folder; null when there is none. */
function builtIn(folder: string): Built | null {
  if (!existsSync(join(folder, 'index.html'))) return null;
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)).replaceAll('\\', '/'));
  return { folder, files: new Set(files) };
}

/** Serves the pages of the console from a folder; from the build of this checkout when it is null. */
export async function servePages(app: App, folder: string | null): Promise<void> {
  let wanted = folder === null ? null : resolve(folder);
  let found: Built | null = null;

  /** Returns the built console. Throws Problem CONSOLE_NOT_BUILT until there is one. */
  const built = (reply: FastifyReply): Built => {
    wanted ??= builtFolder();
    found ??= builtIn(wanted);
    if (found !== null) return found;
    // A browser tries again by itself.
    reply.header('refresh', String(BUILD_S));
    throw new Problem('CONSOLE_NOT_BUILT', 'The console is being built, or was not: npm run console:build', {
      retryAfterS: BUILD_S,
    });
  };

  const serve = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const { '*': path = '' } = request.params as { readonly '*'?: string };
    const isUnknown = (): Problem => new Problem('ROUTE_UNKNOWN', `There is no route /console/${path}`);
    if (path === 'api' || path.startsWith('api/')) throw isUnknown();
    const { folder: root, files } = built(reply);
    reply.header('content-security-policy', pagePolicy);
    if (path.startsWith('assets/')) {
      if (!files.has(path)) throw isUnknown();
      return reply.sendFile(path, root, { maxAge: YEAR_S * 1_000, immutable: true });
    }
    // The address of a page of the console: its index shows it.
    const file = files.has(path) ? path : 'index.html';
    return reply.header('cache-control', 'no-cache').sendFile(file, root, { cacheControl: false });
  };

  await app.register(fastifyStatic, { serve: false, preCompressed: true });
  for (const url of ['/console', '/console/*'])
    app.get(url, { config: { auth: 'none', produces: '*/*' }, schema: { hide: true } as object }, serve);
}
