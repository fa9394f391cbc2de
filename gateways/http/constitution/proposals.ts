import { lifeCapabilities } from '../../../schemas/contexts/constitution/life.ts';
import { proposeConstitution, reviewConstitution, signConstitution } from '../../../schemas/generated/records.ts';
import { declare } from '../../shared/route/declare.ts';
import {
  askedBy,
  type ConstitutionServices,
  common,
  locationOf,
  ofVersion,
  pendingFields,
  refused,
  shown,
} from './common.ts';
import { proposeBody, reviewBody, signatureBody, versionBody, versionFields } from './schemas.ts';
import { versionOf } from './views.ts';

const { command } = declare<ConstitutionServices>();

/** Route that proposes a constitution. */
export const propose = command({
  ...common,
  operationId: 'proposeConstitution',
  summary: 'Propose a constitution for review and signing',
  description:
    'The document must be valid and pass its own tests. Proposing a version again before it is published voids its earlier reviews and signatures.',
  url: '/v1/constitutions',
  takes: lifeCapabilities.propose,
  body: proposeBody,
  appends: ['ProposeConstitution'],
  command: ({ caller, body: { document } }) =>
    proposeConstitution({ version: document.version, document: JSON.stringify(document), ...askedBy(caller) }),
  location: ({ body }) => locationOf(body.document.version),
  pending: { id: 'ProposalPending', shape: pendingFields, of: ({ body }) => ({ version: body.document.version }) },
  outcomes: {
    ConstitutionRefused: refused(
      ...(['CONSTITUTION_INVALID', 'CONSTITUTION_TOO_LARGE', 'CONSTITUTION_TESTS_FAILED'] as const),
      ...(['CONSTITUTION_PUBLISHED_ALREADY', 'CONSTITUTION_PROPOSALS_EXHAUSTED'] as const),
    ),
    ConstitutionProposed: {
      status: 201,
      schema: versionBody,
      inEffect: ({ version }, { services, outcome }) =>
        shown(services, ({ versions }) => (versions.get(version)?.changedAtMs ?? 0) >= outcome.timeMs),
      answer: ({ version }, { services }) => versionOf(version, services.tables.constitutions.value),
    },
  },
});

/** Route that reviews a proposed constitution. */
export const review = command({
  ...common,
  operationId: 'reviewConstitution',
  summary: 'Approve or reject a proposed constitution',
  description:
    'An approval by the proposer does not count towards the approvals required for publication. One rejection ends the proposal.',
  url: '/v1/constitutions/:version/reviews',
  takes: lifeCapabilities.review,
  params: versionFields,
  body: reviewBody,
  appends: ['ReviewConstitution'],
  command: ({ caller, params, body }) => reviewConstitution({ ...params, ...body, ...askedBy(caller) }),
  location: ({ params }) => locationOf(params.version),
  pending: { id: 'ReviewPending', shape: pendingFields, of: ofVersion },
  outcomes: {
    ConstitutionRefused: refused(
      'CONSTITUTION_UNKNOWN',
      'CONSTITUTION_DIGEST_MISMATCH',
      'CONSTITUTION_PUBLISHED_ALREADY',
    ),
    ConstitutionReviewed: {
      status: 200,
      schema: versionBody,
      inEffect: ({ version, reviewer, verdict }, { services }) =>
        shown(services, ({ versions }) =>
          (versions.get(version)?.reviews ?? []).some((each) => each.reviewer === reviewer && each.verdict === verdict),
        ),
      answer: ({ version }, { services }) => versionOf(version, services.tables.constitutions.value),
    },
  },
});

/** Route that adds a signature to a proposed constitution. */
export const sign = command({
  ...common,
  operationId: 'signConstitution',
  summary: 'Add an offline signature to a proposed constitution',
  description: 'The signature must be from a trusted key. The last required signature publishes the version.',
  url: '/v1/constitutions/:version/signatures',
  takes: lifeCapabilities.review,
  params: versionFields,
  body: signatureBody,
  appends: ['SignConstitution'],
  command: ({ caller, params, body: { digest, keyid: keyId, sig: signature } }) =>
    signConstitution({ ...params, digest, keyId, signature, ...askedBy(caller) }),
  location: ({ params }) => locationOf(params.version),
  pending: { id: 'SignaturePending', shape: pendingFields, of: ofVersion },
  outcomes: {
    ConstitutionRefused: refused(
      ...(['CONSTITUTION_UNKNOWN', 'CONSTITUTION_DIGEST_MISMATCH', 'SIGNATURE_INVALID'] as const),
      'CONSTITUTION_SIGNATURES_EXHAUSTED',
    ),
    ConstitutionSigned: {
      status: 200,
      schema: versionBody,
      inEffect: ({ version, keyId }, { services }) =>
        shown(services, ({ versions }) => versions.get(version)?.signedBy.includes(keyId) === true),
      answer: ({ version }, { services }) => versionOf(version, services.tables.constitutions.value),
    },
  },
});
