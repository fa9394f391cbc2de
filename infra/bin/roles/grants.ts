import { gatewayNames, routesOf } from '../../../gateways/app.ts';
import { topicsOf as tailedBy } from '../../../gateways/shared/route/route.ts';
import { allCaches, allProjections } from '../../../projections/all.ts';
import type { ConstitutionStatus } from '../../../schemas/contexts/constitution/document.ts';
import { allTopics } from '../../../schemas/topics.ts';
import { declaredTopologies } from '../../../streams/all.ts';
import type { AnyTable, TopologyLayout, Worker } from '../../../streams/kernel.ts';
import { type Config, loadConfig } from '../../config.ts';
import { JOB_RUNNER } from '../../jobs/worker/module.ts';
import { type Grant, grantsOf, type Rights } from '../../kafka/acl/grant.ts';
import { toBindings } from '../../kafka/acl/kafka-acls.ts';
import { createAcls } from '../../kafka/kafkajs/acls.ts';
import { createLogger } from '../../kit/logger.ts';
import {
  gatewayTables,
  jobRunnerTables,
  modelTables,
  watcherTables,
  workerTables,
} from '../../runner/tables/followed.ts';
import { failure } from '../failure.ts';
import { groupReaders } from '../log/readers.ts';
import { type Registered, registered } from './names.ts';
import {
  rightsOfGateway,
  rightsOfObserver,
  rightsOfOperator,
  rightsOfProjections,
  rightsOfSetup,
  rightsOfTeam,
  rightsOfTopology,
  rightsOfWorker,
  together,
  topicsForTeams,
} from './rights.ts';

const topicsOf = (tables: Readonly<Record<string, AnyTable>>) => Object.values(tables).map(({ topic }) => topic);

const noKeys = (): ConstitutionStatus => ({ status: 'unverified', code: 'NOT_CONFIGURED', detail: '' });

/** Workers that check what models and tools give out by the constitution in force. */
const CHECKS_OUTPUTS: ReadonlySet<string> = new Set(['slm', 'tool-worker']);

/** Returns the topics of the tables that the process of a worker follows. */
const tablesOf = ({ name }: Worker) => [
  ...topicsOf(workerTables),
  ...(name === JOB_RUNNER ? topicsOf(jobRunnerTables) : []),
  ...(CHECKS_OUTPUTS.has(name) ? topicsOf(modelTables(noKeys)) : []),
  ...(name === 'evaluation-watcher' ? topicsOf(watcherTables) : []),
];

/** Returns the rights by role, under the names that `khipu run` takes. The principal of a role is `khipu-<role>`. */
export function rightsByRole(
  from: Registered = registered,
  layout: TopologyLayout = 'chained',
): Readonly<Record<string, Rights>> {
  const workers = Object.values(from.workers);
  const observers = Object.values(from.observers).map((make) => make(createLogger('acls', 'silent')));
  return {
    gateway: rightsOfGateway(
      tailedBy(routesOf(gatewayNames)).map(({ name }) => name),
      topicsOf(gatewayTables),
      groupReaders(layout, from).map(({ group }) => group),
    ),
    ...Object.fromEntries(declaredTopologies(layout, from).map((each) => [each.name, rightsOfTopology(each)])),
    ...Object.fromEntries(
      workers.map((each) => {
        const own = rightsOfWorker(each, tablesOf(each));
        return [each.name, from.bindings[each.name]?.isOperator === true ? together(own, rightsOfOperator()) : own];
      }),
    ),
    ...Object.fromEntries(observers.map((each) => [each.name, rightsOfObserver(each)])),
    projection: rightsOfProjections([...allProjections, ...allCaches]),
    setup: rightsOfSetup(),
    operator: rightsOfOperator(),
  };
}

/** Returns the Kafka principal of a role. */
export const principalOf = (role: string): string => `khipu-${role}`;

/** Returns the grants of all roles in a layout. */
export const grantsOfRoles = (from: Registered = registered, layout: TopologyLayout = 'chained'): readonly Grant[] =>
  Object.entries(rightsByRole(from, layout)).flatMap(([role, rights]) => grantsOf(principalOf(role), rights));

/**
 * Returns the grants of a team that reads these topics. Throws TOPIC_UNKNOWN for a topic outside the catalogue,
 * TOPIC_NOT_SHARED for commands and state.
 */
export function grantsOfTeam(team: string, topics: readonly string[]): readonly Grant[] {
  for (const topic of topics) {
    if (topicsForTeams.includes(topic)) continue;
    if (allTopics.some(({ name }) => name === topic))
      throw failure('TOPIC_NOT_SHARED', `${topic} is internal; teams can read ${topicsForTeams.join(', ')}`);
    throw failure('TOPIC_UNKNOWN', `no such topic: ${topic}; teams can read ${topicsForTeams.join(', ')}`);
  }
  return grantsOf(team, rightsOfTeam(team, topics));
}

/** Creates the grants at the brokers of the configuration. Rejects with LOG_FORBIDDEN when the login may not. */
export async function apply(grants: readonly Grant[], config: Config = loadConfig()): Promise<void> {
  const { brokers, kafkaLogin: login } = config;
  await createAcls(
    { brokers, login, clientId: 'khipu-acls', logger: createLogger('acls', 'fatal') },
    toBindings(grants),
  );
}
