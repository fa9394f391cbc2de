import { httpTopics } from '../../../gateways/http/routes.ts';
import { slmTopics } from '../../../gateways/slm/routes.ts';
import { turnsTopics } from '../../../gateways/turns/routes.ts';
import { allCaches, allProjections } from '../../../projections/all.ts';
import { allTopics } from '../../../schemas/topics.ts';
import { constitutions } from '../../../streams/kernel/constitutions.ts';
import { directory, tenants } from '../../../streams/kernel/directory.ts';
import { killSwitches } from '../../../streams/kernel/kill-switches.ts';
import { revocations } from '../../../streams/kernel/revocations.ts';
import { policyEngine } from '../../../streams/policy-engine/policy-engine.ts';
import { slm } from '../../../streams/slm/slm.ts';
import { type Grant, grantsOf, type Rights } from '../../acl/grant.ts';
import { toBindings } from '../../acl/kafka-acls.ts';
import {
  rightsOfGateway,
  rightsOfObserver,
  rightsOfOperator,
  rightsOfProjections,
  rightsOfSetup,
  rightsOfStream,
  rightsOfTeam,
  topicsForTeams,
} from '../../acl/rights.ts';
import { auditLog } from '../../audit/audit-log.ts';
import { type Config, loadConfig } from '../../config.ts';
import { createAcls } from '../../kafka/kafkajs/acls.ts';
import { createLogger } from '../../telemetry/logger.ts';
import { failure } from '../failure.ts';
import { declared } from './declared.ts';

/** What gateways hold whole. A process of workers holds the switches. */
const boards = [killSwitches, revocations, tenants, directory, constitutions].map(({ topic }) => topic);

/** By role, as `khipu` names it after `stream`. A principal is `khipu-<role>`. */
export const rightsByRole = (): Readonly<Record<string, Rights>> => ({
  gateway: rightsOfGateway([...httpTopics, ...turnsTopics, ...slmTopics], boards, slm),
  ...Object.fromEntries(declared().map((processor) => [processor.name, rightsOfStream(processor)])),
  ...Object.fromEntries([slm, policyEngine].map((each) => [each.name, rightsOfStream(each, [killSwitches.topic])])),
  'audit-log': rightsOfObserver(auditLog(createLogger('acls', 'silent'))),
  projection: rightsOfProjections([...allProjections, ...allCaches]),
  setup: rightsOfSetup(),
  operator: rightsOfOperator(),
});

export const principalOf = (role: string): string => `khipu-${role}`;

export const grantsOfRoles = (): readonly Grant[] =>
  Object.entries(rightsByRole()).flatMap(([role, rights]) => grantsOf(principalOf(role), rights));

/** Throws TOPIC_UNKNOWN for a topic that is not there, TOPIC_NOT_SHARED for commands and state. */
export function grantsOfTeam(team: string, topics: readonly string[]): readonly Grant[] {
  for (const topic of topics) {
    if (topicsForTeams.includes(topic)) continue;
    if (allTopics.some(({ name }) => name === topic))
      throw failure('TOPIC_NOT_SHARED', `${topic} is between roles of ours; there are ${topicsForTeams.join(', ')}`);
    throw failure('TOPIC_UNKNOWN', `no such topic: ${topic}; there are ${topicsForTeams.join(', ')}`);
  }
  return grantsOf(team, rightsOfTeam(team, topics));
}

/** Grants them at the brokers of the environment. Rejects with LOG_FORBIDDEN where the login may not. */
export async function apply(grants: readonly Grant[], config: Config = loadConfig()): Promise<void> {
  const { brokers, kafkaLogin: login } = config;
  await createAcls(
    { brokers, login, clientId: 'khipu-acls', logger: createLogger('acls', 'fatal') },
    toBindings(grants),
  );
}
