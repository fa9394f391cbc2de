import { z } from 'zod';
import type { Constitutions } from '../../../schemas/contexts/constitution/life.ts';
import type { Caller } from '../../shared/auth/caller.ts';
import { TAKE_EFFECT_MS } from '../../shared/command/defaults.ts';
import { refusal } from '../../shared/command/outcome.ts';
import type { ProblemCode } from '../../shared/problems/catalogue.ts';
import type { GatewayServices } from '../../shared/services.ts';

/** Services that the routes of constitutions need. */
export type ConstitutionServices = Pick<GatewayServices, 'tables'>;
/** Members that the writes of constitutions share. */
export const common = { tag: 'governance', method: 'POST' } as const;
/** Fields that a 202 adds. */
export const pendingFields = { version: z.string().nullable().meta({ description: 'Version of the command' }) };
/** Returns the fields of a command that describe its caller. */
export const askedBy = ({ principal, capabilities }: Caller) => ({ principal, capabilities });
/** Returns an outcome that answers a refusal with these problem codes. */
export const refused = (...problems: readonly ProblemCode[]) => refusal(problems);
/** Returns the added fields of a 202 for a version in the path. */
export const ofVersion = ({ params: { version } }: { readonly params: { readonly version: string } }) => ({ version });
/** Returns the URL of a version. */
export const locationOf = (version: string): string => `/v1/constitutions/${version}`;

/** Resolves with true as soon as the followed table satisfies `isShown`; with false after 1 s. */
export const shown = ({ tables }: ConstitutionServices, isShown: (all: Constitutions) => boolean): Promise<boolean> =>
  tables.constitutions.holds(isShown, TAKE_EFFECT_MS);
