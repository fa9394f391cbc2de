import { access } from '../../../streams/access/access.ts';
import { audit } from '../../../streams/audit/audit.ts';
import { constitution } from '../../../streams/constitution/constitution.ts';
import { conversation } from '../../../streams/conversation/conversation.ts';
import { identity } from '../../../streams/identity/identity.ts';
import { inference } from '../../../streams/inference/inference.ts';
import type { Processor } from '../../../streams/kernel.ts';
import { killswitch } from '../../../streams/killswitch/killswitch.ts';
import { meter } from '../../../streams/meter/meter.ts';
import { policy } from '../../../streams/policy/policy.ts';
import { sessions } from '../../../streams/sessions/sessions.ts';
import { createCedarEngine } from '../../governance/cedar-engine.ts';
import { createLifeEngine } from '../../governance/constitution-engine.ts';

const nobody = { trusted: new Map<string, never>(), signaturesRequired: 1 };

/** Every processor as it is declared, to be looked at where there are no keys and no configuration: it trusts nobody. */
export const declared = (): readonly Processor[] => [
  policy(createCedarEngine(nobody), { pricePerMillionTokens: '0' }),
  constitution(createLifeEngine({ ...nobody, failures: () => [] }), { reviewsRequired: 0 }),
  meter,
  killswitch({ twoPerson: false }),
  access,
  identity,
  sessions,
  conversation,
  inference,
  audit,
];
