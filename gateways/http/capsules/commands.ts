import { unpackCapsule } from '../../../infra/capsules/archive.ts';
import { CapsuleError } from '../../../infra/capsules/errors.ts';
import { CAPSULE_PAYLOAD_TYPE, prepareCapsule } from '../../../infra/capsules/signing.ts';
import { parseEnvelope } from '../../../infra/governance/constitution/dsse.ts';
import { digestOf } from '../../../infra/governance/constitution/signing.ts';
import { anyCovers } from '../../../schemas/capabilities.ts';
import {
  CAPSULES_MAX,
  capsuleIdOf,
  capsuleScope,
  PUBLISH_CAPSULES,
  reviewCapability,
  revokeCapability,
} from '../../../schemas/contexts/capsules.ts';
import { policyRefusals } from '../../../schemas/contexts/policy/refusals.ts';
import {
  attestCapsule,
  type CapsuleRefused,
  reviewCapsule,
  revokeCapsule,
  submitCapsule,
  yankCapsule,
} from '../../../schemas/generated/records.ts';
import { askerOf, type Caller } from '../../shared/auth/caller.ts';
import { TAKE_EFFECT_MS } from '../../shared/command/defaults.ts';
import type { ProblemCode } from '../../shared/problems/catalogue.ts';
import { Problem } from '../../shared/problems/problem.ts';
import { commandProblem } from '../../shared/problems/shortfall.ts';
import { declare } from '../../shared/route/declare.ts';
import { requireCapability } from '../../shared/route/request.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { type CapsuleParams, capsuleOrUnknown, idIn } from './find.ts';
import {
  attestCapsuleBody,
  capsuleBody,
  capsuleFields,
  PUBLISH_BODY_BYTES_MAX,
  pendingCapsule,
  publishCapsuleBody,
  reviewCapsuleBody,
  revokeCapsuleBody,
} from './schemas.ts';
import { capsuleOf, capsuleUrl } from './views.ts';

type Needs = Pick<GatewayServices, 'tables' | 'readModel'>;
const { command } = declare<Needs>();

/** Returns a refusal as a problem, with the decision where there is one. */
const refused = (...codes: readonly ProblemCode[]) => ({
  kind: 'refusal' as const,
  problems: codes,
  problem: ({ capsuleId: capsule, code, detail, decision, shortfall }: CapsuleRefused): Problem =>
    commandProblem({ code, detail, decision, shortfall }, { capsule }),
});

const shown = ({ capsuleId }: { readonly capsuleId: string }, { services }: { readonly services: Needs }) => {
  const found = services.tables.capsules.value.get(capsuleId);
  return found === undefined ? null : capsuleOf(found);
};

/** Codes of an archive or a manifest that is refused before it is in the log. */
const archiveProblems = [
  ...(['CAPSULE_ARCHIVE_DUPLICATE', 'CAPSULE_ARCHIVE_INVALID', 'CAPSULE_ARCHIVE_LINK'] as const),
  ...(['CAPSULE_ARCHIVE_PATH', 'CAPSULE_ARCHIVE_TOO_LARGE', 'CAPSULE_DIGEST_MISMATCH'] as const),
  ...(['CAPSULE_INVALID', 'CAPSULE_LICENSE_UNKNOWN', 'CAPSULE_SECRET_FOUND'] as const),
] as const satisfies readonly ProblemCode[];

/** Returns what an archive has. Throws the Problem of its first fault. */
async function partsOf(archive: string) {
  try {
    const { envelope, attestations } = await unpackCapsule(Buffer.from(archive, 'base64'));
    const { payload: text, payloadType } = parseEnvelope(envelope);
    const payload = Buffer.from(text, 'base64');
    if (payloadType !== CAPSULE_PAYLOAD_TYPE) throw new CapsuleError('CAPSULE_INVALID', `a payload of ${payloadType}`);
    const { manifest } = prepareCapsule(jsonIn(payload));
    return { envelope, attestations, digest: digestOf(payload), manifest };
  } catch (error) {
    if (error instanceof CapsuleError) throw new Problem(error.code, error.message, { cause: error });
    throw error;
  }
}

function jsonIn(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString('utf8'));
  } catch (cause) {
    throw new CapsuleError('CAPSULE_INVALID', 'the payload is not JSON', { cause });
  }
}

type Parts = Awaited<ReturnType<typeof partsOf>>;

const submission = (
  { caller, tenantId, body, services }: PublishRequest,
  { envelope, attestations, digest, manifest }: Parts,
) => {
  const { name, version, publisher } = manifest;
  if (publisher !== tenantId)
    throw new Problem('CAPSULE_INVALID', `The manifest is of the publisher ${publisher}, not of ${tenantId}`);
  const own = [...services.tables.capsules.value.values()].filter((each) => each.tenantId === tenantId);
  if (own.length >= CAPSULES_MAX)
    throw new Problem('DIRECTORY_FULL', `There are ${CAPSULES_MAX} capsules, each version counted`);
  const capsuleId = capsuleIdOf({ tenant: tenantId, name, version });
  return submitCapsule({ ...askerOf(caller), capsuleId, envelope, digest, attestations, labels: body.labels ?? [] });
};

interface PublishRequest {
  readonly caller: Caller;
  readonly tenantId: string;
  readonly body: { readonly archive: string; readonly labels?: readonly string[] | undefined };
  readonly services: Needs;
}

const publication = {
  tag: 'capsules',
  takes: PUBLISH_CAPSULES,
  body: publishCapsuleBody,
  bodyBytesMax: PUBLISH_BODY_BYTES_MAX,
  appends: ['SubmitCapsule'],
  location: () => '/v1/marketplace/capsules',
  problems: ['DIRECTORY_FULL', ...archiveProblems],
  outcomes: {
    CapsuleRefused: refused(
      ...policyRefusals,
      ...(['ALREADY_EXISTS', 'SIGNATURE_INVALID', 'CAPSULE_INVALID', 'CAPSULE_DIGEST_MISMATCH'] as const),
      ...(['CAPSULE_STATEMENT_INVALID', 'CAPSULE_TOOL_MISSING'] as const),
    ),
    CapsuleSubmitted: {
      status: 201,
      schema: capsuleBody,
      inEffect: ({ capsuleId }: { readonly capsuleId: string }, { services }: { readonly services: Needs }) =>
        services.tables.capsules.holds((known) => known.has(capsuleId), TAKE_EFFECT_MS),
      answer: shown,
    },
  },
} as const;

/** Route that publishes a capsule. */
export const publishCapsuleRoute = command({
  ...publication,
  operationId: 'publishCapsule',
  summary: 'Publish a version of a capsule',
  description:
    'The archive is checked whole: layout, digests, signature, schema, license, secrets, and that the tools exist. The version is listed after its reviews. A version never changes.',
  method: 'POST',
  url: '/v1/marketplace/publish',
  alias: { url: '/marketplace/publish', operationId: 'publishCapsuleAlias' },
  pending: { ...pendingCapsule, of: () => ({ capsule: '' }) },
  command: async (request) => submission(request, await partsOf(request.body.archive)),
});

const ofCapsule = {
  tag: 'capsules',
  params: capsuleFields,
  subject: ({ params }: { readonly params: CapsuleParams }) => idIn(params),
  location: ({ params }: { readonly params: CapsuleParams }) => capsuleUrl(idIn(params)),
  pending: {
    ...pendingCapsule,
    of: ({ params }: { readonly params: CapsuleParams }) => ({ capsule: idIn(params) }),
  },
  // A capsule stays in its place when the number of partitions grows.
  place: async ({ params, services }: { readonly params: CapsuleParams; readonly services: Needs }) =>
    services.tables.capsules.value.get(idIn(params))?.place ?? null,
} as const;

/** Route that publishes a capsule under the name that it must have. */
export const putCapsuleRoute = command({
  ...publication,
  ...ofCapsule,
  operationId: 'putCapsule',
  summary: 'Publish a version of a capsule under its name',
  description: 'As `POST /v1/marketplace/publish`; the archive must be of this publisher, name and version.',
  method: 'PUT',
  url: '/v1/marketplace/capsules/:publisher/:capsule/:capsule_version',
  command: async (request) => {
    const parts = await partsOf(request.body.archive);
    const { name, version, publisher: tenant } = parts.manifest;
    if (capsuleIdOf({ tenant, name, version }) !== idIn(request.params))
      throw new Problem('CAPSULE_INVALID', `The manifest is of ${capsuleIdOf({ tenant, name, version })}`);
    return submission(request, parts);
  },
});

/** The commands of reviewers are in the name of the publishing tenant: its log has the whole history of its capsules. */
const ofPublisher = { ...ofCapsule, tenant: ({ params }: { readonly params: CapsuleParams }) => params.publisher };

/** Route that reviews a capsule. */
export const reviewCapsuleRoute = command({
  ...ofPublisher,
  operationId: 'reviewCapsule',
  summary: 'Approve or reject a capsule',
  description:
    'Requires `capsules:review:<publisher>`. Who publishes a capsule does not review it. The last approval that is needed lists it; a rejection ends the version.',
  method: 'POST',
  url: '/v1/marketplace/capsules/:publisher/:capsule/:capsule_version/reviews',
  body: reviewCapsuleBody,
  takes: ({ caller, params }) => {
    const needed = reviewCapability(params.publisher);
    requireCapability(anyCovers(caller.capabilities, needed), needed);
  },
  appends: ['ReviewCapsule'],
  command: ({ caller, params, body: { digest, outcome, note, labels = [] }, services }) => {
    const { capsuleId } = capsuleOrUnknown(services.tables, caller, idIn(params));
    return reviewCapsule({ ...askerOf(caller), capsuleId, digest, outcome, note, labels });
  },
  problems: ['CAPABILITY_MISSING', 'CAPSULE_UNKNOWN', 'LOG_UNAVAILABLE'],
  outcomes: {
    CapsuleRefused: refused(
      ...policyRefusals,
      ...(['CAPSULE_UNKNOWN', 'CAPSULE_DIGEST_MISMATCH', 'CAPSULE_STATE_INVALID'] as const),
      ...(['CAPSULE_REVIEW_OWN', 'CAPSULE_REVIEW_REPEATED'] as const),
    ),
    CapsuleReviewed: {
      status: 200,
      schema: capsuleBody,
      inEffect: ({ capsuleId, principal }, { services }) =>
        services.tables.capsules.holds(
          (known) => known.get(capsuleId)?.reviews.some((each) => each.principal === principal) === true,
          TAKE_EFFECT_MS,
        ),
      answer: shown,
    },
  },
});

/** Route that adds a statement. */
export const attestCapsuleRoute = command({
  ...ofPublisher,
  operationId: 'attestCapsule',
  summary: 'Add a statement to a capsule',
  description: 'Requires `capsules:review:<publisher>`. The statement is signed by a key that the platform trusts.',
  method: 'POST',
  url: '/v1/marketplace/capsules/:publisher/:capsule/:capsule_version/attestations',
  body: attestCapsuleBody,
  takes: ({ caller, params }) => {
    const needed = reviewCapability(params.publisher);
    requireCapability(anyCovers(caller.capabilities, needed), needed);
  },
  appends: ['AttestCapsule'],
  command: ({ caller, params, body: { digest, bundle, labels = [] }, services }) => {
    const { capsuleId } = capsuleOrUnknown(services.tables, caller, idIn(params));
    return attestCapsule({ ...askerOf(caller), capsuleId, digest, bundle, labels });
  },
  problems: ['CAPABILITY_MISSING', 'CAPSULE_UNKNOWN', 'LOG_UNAVAILABLE'],
  outcomes: {
    CapsuleRefused: refused(
      ...policyRefusals,
      ...(['CAPSULE_UNKNOWN', 'CAPSULE_DIGEST_MISMATCH', 'CAPSULE_STATEMENT_INVALID', 'SIGNATURE_INVALID'] as const),
    ),
    CapsuleAttested: { status: 200, schema: capsuleBody, answer: shown },
  },
});

/** Route that takes a capsule off the list. */
export const yankCapsuleRoute = command({
  ...ofCapsule,
  operationId: 'yankCapsule',
  summary: 'Take a capsule off the list',
  description: 'Tenants cannot install it any more; installs of it go on.',
  method: 'DELETE',
  url: '/v1/marketplace/capsules/:publisher/:capsule/:capsule_version',
  takes: PUBLISH_CAPSULES,
  appends: ['YankCapsule'],
  command: ({ caller, params, services }) => {
    const { capsuleId } = capsuleOrUnknown(services.tables, caller, idIn(params));
    return yankCapsule({ ...askerOf(caller), capsuleId, reason: 'yanked by its publisher', labels: [] });
  },
  problems: ['CAPSULE_UNKNOWN', 'LOG_UNAVAILABLE'],
  outcomes: {
    CapsuleRefused: refused(...policyRefusals, 'CAPSULE_UNKNOWN', 'CAPSULE_STATE_INVALID'),
    CapsuleYanked: {
      status: 200,
      schema: capsuleBody,
      inEffect: ({ capsuleId }, { services }) =>
        services.tables.capsules.holds((known) => known.get(capsuleId)?.status !== 'listed', TAKE_EFFECT_MS),
      answer: shown,
    },
  },
});

/** Route that revokes a capsule. */
export const revokeCapsuleRoute = command({
  ...ofPublisher,
  operationId: 'revokeCapsule',
  summary: 'Stop a capsule in every install',
  description:
    'Requires `capsules:revoke:<publisher>`. The kill switch `capsule:sha256.<digest>` stops new runs at once, and running ones at their next step.',
  method: 'POST',
  url: '/v1/marketplace/capsules/:publisher/:capsule/:capsule_version/revocation',
  body: revokeCapsuleBody,
  takes: ({ caller, params }) => {
    const needed = revokeCapability(params.publisher);
    requireCapability(anyCovers(caller.capabilities, needed), needed);
  },
  appends: ['RevokeCapsule'],
  command: ({ caller, params, body: { reason, labels = [] }, services }) => {
    const { capsuleId } = capsuleOrUnknown(services.tables, caller, idIn(params));
    return revokeCapsule({ ...askerOf(caller), capsuleId, reason, labels });
  },
  problems: ['CAPABILITY_MISSING', 'CAPSULE_UNKNOWN', 'LOG_UNAVAILABLE'],
  outcomes: {
    CapsuleRefused: refused(...policyRefusals, 'CAPSULE_UNKNOWN', 'CAPSULE_STATE_INVALID'),
    CapsuleRevoked: {
      status: 200,
      schema: capsuleBody,
      // The answer says that it is stopped: this gateway has the switch by then.
      inEffect: async ({ capsuleId, digest }, { services: { tables } }) => {
        const held = await Promise.all([
          tables.capsules.holds((known) => known.get(capsuleId)?.status === 'revoked', TAKE_EFFECT_MS),
          tables.killSwitches.holds((known) => known.get(capsuleScope(digest))?.engaged === true, TAKE_EFFECT_MS),
        ]);
        return held.every(Boolean);
      },
      answer: shown,
    },
  },
});
