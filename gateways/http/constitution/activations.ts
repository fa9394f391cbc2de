import { lifeCapabilities } from '../../../schemas/contexts/constitution/life.ts';
import { activateConstitution, shadowConstitution } from '../../../schemas/generated/records.ts';
import { declare } from '../../shared/route/declare.ts';
import { askedBy, type ConstitutionServices, common, pendingFields, refused, shown } from './common.ts';
import { activateBody, activatedBody, shadowBody, shadowedBody } from './schemas.ts';
import { activatedOf } from './views.ts';

const { command } = declare<ConstitutionServices>();

/** Route that activates a published version. */
export const activate = command({
  ...common,
  operationId: 'activateConstitution',
  summary: 'Activate a published version; activating an older one rolls back',
  description:
    'The version must be published, verify with the currently trusted keys and pass its own tests. Every decision names the version that made it.',
  url: '/v1/constitutions/activations',
  takes: lifeCapabilities.activate,
  body: activateBody,
  appends: ['ActivateConstitution'],
  command: ({ caller, body }) => activateConstitution({ ...body, ...askedBy(caller) }),
  location: () => '/v1/constitutions',
  pending: { id: 'ActivationPending', shape: pendingFields, of: ({ body: { version } }) => ({ version }) },
  outcomes: {
    ConstitutionRefused: refused(
      ...(['CONSTITUTION_UNKNOWN', 'CONSTITUTION_DIGEST_MISMATCH', 'CONSTITUTION_NOT_PUBLISHED'] as const),
      ...(['CONSTITUTION_NOT_VERIFIED', 'CONSTITUTION_INVALID', 'CONSTITUTION_TESTS_FAILED'] as const),
    ),
    ConstitutionActivated: {
      status: 200,
      schema: activatedBody,
      inEffect: ({ version, digest }, { services }) =>
        shown(services, ({ active }) => active?.version === version && active.digest === digest),
      answer: (event, { outcome }) => activatedOf(event, outcome),
    },
  },
});

/** Route that sets or clears the shadow version. */
export const shadow = command({
  ...common,
  operationId: 'shadowConstitution',
  summary: 'Evaluate a published version beside the active one without effect, or stop doing so',
  description:
    'Decisions that differ from those of the active version are counted and appended to the topic `policy.shadow`.',
  url: '/v1/constitutions/shadow',
  takes: lifeCapabilities.activate,
  body: shadowBody,
  appends: ['ShadowConstitution'],
  command: ({ caller, body: { version } }) => shadowConstitution({ slot: 'shadow', version, ...askedBy(caller) }),
  location: () => '/v1/constitutions',
  pending: { id: 'ShadowPending', shape: pendingFields, of: ({ body: { version } }) => ({ version }) },
  outcomes: {
    ConstitutionRefused: refused('CONSTITUTION_UNKNOWN', 'CONSTITUTION_NOT_PUBLISHED', 'CONSTITUTION_NOT_VERIFIED'),
    ConstitutionShadowed: {
      status: 200,
      schema: shadowedBody,
      inEffect: ({ version }, { services }) => shown(services, (all) => (all.shadow?.version ?? null) === version),
      answer: ({ version, digest }) => ({ version, digest }),
    },
  },
});
