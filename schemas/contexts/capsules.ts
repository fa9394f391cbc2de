/** Limits and vocabularies of capsules, their manifests, and what governance has to know of their commands. */

import type { CapsulePrice, Credential } from '../generated/records.ts';
import { type Description, type Descriptors, EXAMPLE_ID, EXAMPLE_TEXT, type Example } from '../governed-command.ts';
import type { RecordsIn, topics } from '../topics.ts';
import { INSTALL_CAPSULES } from './capsules/upgrades.ts';
import { digestName } from './tools.ts';

/** Name of a capsule in its tenant, and of an install. */
export const CAPSULE_NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;
/** Version of a capsule: semantic versioning without build metadata. */
export const CAPSULE_VERSION =
  /^(?:0|[1-9]\d{0,5})\.(?:0|[1-9]\d{0,5})\.(?:0|[1-9]\d{0,5})(?:-[0-9a-z]{1,20}(?:\.[0-9a-z]{1,20}){0,3})?$/;
/** Longest canonical manifest, in bytes of JSON. Every gateway holds that of each capsule in memory. */
export const CAPSULE_MANIFEST_BYTES_MAX = 48 * 1024;
/** Longest statement about a capsule, in bytes of JSON, and most statements of one capsule. */
export const CAPSULE_ATTESTATION_BYTES_MAX = 32 * 1024;
export const CAPSULE_ATTESTATIONS_MAX = 8;
/** Longest archive, in bytes, and most entries in it. */
export const CAPSULE_ARCHIVE_BYTES_MAX = 512 * 1024;
export const CAPSULE_ARCHIVE_ENTRIES_MAX = 64;
/** Capsules of a tenant, each version counted, and installs of a tenant. */
export const CAPSULES_MAX = 200;
export const CAPSULE_INSTALLS_MAX = 200;
/** Most earlier versions that an install can return to. */
export const CAPSULE_EARLIER_MAX = 10;
/** Longest reason or note, in characters. */
export const CAPSULE_REASON_CHARS_MAX = 500;
/** Most capabilities that a capsule asks for. */
export const CAPSULE_ASKS_MAX = 64;

/** States of a capsule; an open vocabulary on the wire. */
export const capsuleStatuses = ['submitted', 'listed', 'rejected', 'yanked', 'revoked'] as const;
export type CapsuleStatus = (typeof capsuleStatuses)[number];

/** Outcomes of a review; an open vocabulary on the wire. */
export const capsuleReviewOutcomes = ['approve', 'reject'] as const;

/** What a price counts; an open vocabulary on the wire. */
export const capsuleMeters = ['install', 'run'] as const;

/** Capabilities of capsules. */
export const READ_CAPSULES = 'capsules:read';
export const PUBLISH_CAPSULES = 'capsules:publish';
/** Returns the capabilities to review, and to revoke, what a tenant published: `capsules:review:*` is for every tenant. */
export const reviewCapability = (publisher: string): string => `capsules:review:${publisher}`;
export const revokeCapability = (publisher: string): string => `capsules:revoke:${publisher}`;
export const RUN_CAPSULES = 'capsules:run';

/** Names a capsule in the log. */
export interface CapsuleName {
  readonly tenant: string;
  readonly name: string;
  readonly version: string;
}

/** Returns the id of a capsule: versions do not change, so each has its own. */
export const capsuleIdOf = ({ tenant, name, version }: CapsuleName): string => `${tenant}/${name}@${version}`;

/** Returns the parts of the id of a capsule; null for any other text. */
export function capsuleNameOf(id: string): CapsuleName | null {
  const [slash, at] = [id.indexOf('/'), id.lastIndexOf('@')];
  if (slash < 1 || at < slash) return null;
  const [tenant, name, version] = [id.slice(0, slash), id.slice(slash + 1, at), id.slice(at + 1)];
  return CAPSULE_NAME.test(name) && CAPSULE_VERSION.test(version) ? { tenant, name, version } : null;
}

/** Returns the publishing tenant of a capsule. Never throws. */
export const publisherOf = (capsuleId: string): string => capsuleId.slice(0, Math.max(0, capsuleId.indexOf('/')));

/** Tenant of the rows that all tenants see: no tenant has this name. */
export const SHELF = '*';

/** Returns the words of a text for the search: lower case, each once, at most 200. */
export const searchWords = (text: string): readonly string[] =>
  [...new Set(text.toLowerCase().match(/[\p{L}\p{N}]{2,40}/gu) ?? [])].slice(0, 200);

/** Returns the id of an install in the log: names are those of a tenant. */
export const installIdOf = (tenantId: string, name: string): string => `${tenantId}/${name}`;
/** Returns the name of an install. Never throws. */
export const installName = (installId: string): string => installId.slice(installId.indexOf('/') + 1);

/** Returns the kill switch that stops a capsule by its digest, in every install. */
export const capsuleScope = (digest: string): string => `capsule:${digestName(digest)}`;

/** A tool that a capsule uses. */
export interface CapsuleTool {
  readonly name: string;
  /** sha256 of its manifest, hex; null for the manifest that the installing tenant has, such as one with its own hosts. */
  readonly digest: string | null;
}

/** The facts of a manifest that decisions need. */
export interface CapsuleFacts {
  readonly publisher: string;
  readonly name: string;
  readonly version: string;
  readonly asks: readonly string[];
  readonly tools: readonly CapsuleTool[];
  readonly price: CapsulePrice;
  /** Automatic checks that it passed. */
  readonly checks: readonly string[];
}

interface Refused {
  readonly status: 'refused';
  readonly code: string;
  readonly detail: string;
}

/** A signed manifest whose signature and content were checked, or the reason why it is not used. */
export type ReadCapsule =
  | {
      readonly status: 'valid';
      readonly facts: CapsuleFacts;
      /** sha256 of `manifest`, hex. */
      readonly digest: string;
      /** Canonical JSON. */
      readonly manifest: string;
    }
  | Refused;

/** A statement whose signature and subject were checked, or the reason why it is not used. */
export type ReadAttestation = { readonly status: 'valid'; readonly predicateType: string } | Refused;

/** Reads what publishers sign. Total and deterministic. Bound where a process is composed, because it needs keys. */
export interface CapsuleReader {
  readonly manifest: (envelope: string) => ReadCapsule;
  /** `digest`: sha256 of the manifest that the statement must be about. */
  readonly attestation: (bundle: string, digest: string) => ReadAttestation;
}

interface CapsuleCommand {
  readonly principal: string;
  readonly capabilities: readonly string[];
  readonly credential: Credential | null;
  readonly labels: readonly string[];
}

/** Nothing runs because of these commands: the runs of a capsule are decided step by step. */
const describe = (
  { principal, capabilities, credential, labels }: CapsuleCommand,
  { resourceId, needs, text = null, digest }: CapsuleWork,
): Description => ({
  ...{ principal, capabilities, credential, labels, session: credential?.sessionId ?? null, resourceId, needs },
  ...{ otherNames: digest === undefined ? [] : [digestName(digest)], delegates: false, persona: null },
  ...{
    text: text === '' ? null : text,
    textLimit: 'embedding_chars_max',
    maxTokens: null,
    estimate: { unit: 'none' },
    requestId: null,
  },
});

interface CapsuleWork {
  readonly resourceId: string;
  readonly needs: string;
  readonly text?: string | null;
  /** The kill switch of this digest stops the command. */
  readonly digest?: string;
}

const EXAMPLE_DIGEST = '0'.repeat(64);
const EXAMPLE_CAPSULE = 'demo/example@1.0.0';

/** Resource of commands that stop or remove a capsule, so that a kill switch over the capsule does not prevent them. */
const MARKETPLACE = 'marketplace';

/** No capability names a capsule, so a test of a constitution does not name one either. */
const example = ({ capabilities, labels }: Example) => ({
  ...{ principal: 'constitution-tests', capabilities, labels, credential: { sessionId: EXAMPLE_ID, issuedAt: 0 } },
  capsuleId: EXAMPLE_CAPSULE,
});
const exampleInstall = (given: Example) => ({ ...example(given), installId: 'demo/example' });

export const capsulesCommands: Descriptors<RecordsIn<typeof topics.capsulesCommands>> = {
  SubmitCapsule: {
    resource: 'Capsule',
    describe: (command) => {
      const { capsuleId: resourceId, digest } = command;
      return describe(command, { resourceId, digest, needs: PUBLISH_CAPSULES });
    },
    example: (given) => ({ ...example(given), envelope: '{}', digest: EXAMPLE_DIGEST, attestations: [] }),
  },
  ReviewCapsule: {
    resource: 'Capsule',
    describe: (command) => {
      const { capsuleId: resourceId, digest, note: text } = command;
      return describe(command, { resourceId, digest, text, needs: reviewCapability(publisherOf(resourceId)) });
    },
    example: (given) => ({
      ...{ ...example(given), digest: EXAMPLE_DIGEST, outcome: 'approve', note: given.text ?? EXAMPLE_TEXT },
    }),
  },
  AttestCapsule: {
    resource: 'Capsule',
    describe: (command) => {
      const { capsuleId: resourceId, digest } = command;
      return describe(command, { resourceId, digest, needs: reviewCapability(publisherOf(resourceId)) });
    },
    example: (given) => ({ ...example(given), digest: EXAMPLE_DIGEST, bundle: '{}' }),
  },
  YankCapsule: {
    resource: 'Capsule',
    describe: (command) =>
      describe(command, { resourceId: MARKETPLACE, text: command.reason, needs: PUBLISH_CAPSULES }),
    example: (given) => ({ ...example(given), reason: given.text ?? EXAMPLE_TEXT }),
  },
  RevokeCapsule: {
    resource: 'Capsule',
    describe: (command) => {
      const needs = revokeCapability(publisherOf(command.capsuleId));
      return describe(command, { resourceId: MARKETPLACE, text: command.reason, needs });
    },
    example: (given) => ({ ...example(given), reason: given.text ?? EXAMPLE_TEXT }),
  },
  InstallCapsule: {
    resource: 'Capsule',
    describe: (command) => {
      const { capsuleId: resourceId, digest } = command;
      return describe(command, { resourceId, digest, needs: INSTALL_CAPSULES });
    },
    example: (given) => ({ ...exampleInstall(given), digest: EXAMPLE_DIGEST, granted: [] }),
  },
  UpgradeCapsule: {
    resource: 'Capsule',
    describe: (command) => {
      const { capsuleId: resourceId, digest } = command;
      return describe(command, { resourceId, digest, needs: INSTALL_CAPSULES });
    },
    example: (given) => ({ ...exampleInstall(given), digest: EXAMPLE_DIGEST, granted: null, checkId: EXAMPLE_ID }),
  },
  RollbackCapsule: {
    resource: 'Capsule',
    describe: (command) => describe(command, { resourceId: MARKETPLACE, needs: INSTALL_CAPSULES }),
    example: exampleInstall,
  },
  UninstallCapsule: {
    resource: 'Capsule',
    describe: (command) => describe(command, { resourceId: MARKETPLACE, needs: INSTALL_CAPSULES }),
    example: exampleInstall,
  },
};
