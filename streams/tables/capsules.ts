import type { Capsule, CapsuleInstall } from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import { table } from '../kernel.ts';

/** Capsules by id: the current state of each, including revoked ones. */
export type Capsules = ReadonlyMap<string, Capsule>;

/** The current state of every capsule of every tenant. */
export const capsules = table({
  name: 'capsules',
  topic: topics.capsulesCurrent,
  initial: new Map() as Capsules,
  evolve: (known, { data }) => new Map(known).set(data.capsuleId, data),
});

/** Installs by id: the current state of each, including removed ones. */
export type CapsuleInstalls = ReadonlyMap<string, CapsuleInstall>;

/** The current state of every install of every tenant. */
export const capsuleInstalls = table({
  name: 'capsule-installs',
  topic: topics.capsulesInstalled,
  initial: new Map() as CapsuleInstalls,
  evolve: (known, { data }) => new Map(known).set(data.installId, data),
});
