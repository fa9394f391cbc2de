/** A client of the gateway's constitution routes, for CLI commands. */
import type { Schemas } from '../../client/api.ts';
import { ask } from '../api/ask.ts';

export type VersionView = Schemas['ConstitutionVersion'];
export type ActiveView = Schemas['ActiveConstitution'];
export type ListView = Schemas['ConstitutionList'];

/** Names a version in the path of a call. */
export const versionPath = (version: string) => ({ params: { path: { version } } });
/** Reads one version. Rejects like `ask`. */
export const showVersion = (version: string): Promise<Schemas['ConstitutionDetail']> =>
  ask((api) => api.GET('/v1/constitutions/{version}', versionPath(version)));
