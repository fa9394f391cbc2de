import { type Registered, registered } from '../../../infra/bin/roles/names.ts';
import { createLogger } from '../../../infra/kit/logger.ts';
import { gatewayTables, workerTables } from '../../../infra/runner/tables/followed.ts';
import { allCaches, allProjections } from '../../../projections/all.ts';
import { allTopics, type Topic, topics } from '../../../schemas/topics.ts';
import { declaredProcessors, declaredTopologies } from '../../../streams/all.ts';
import type { AnyTable, Topology } from '../../../streams/kernel.ts';

type Tables = Readonly<Record<string, AnyTable>>;
type Drawn = Pick<Topic, 'name' | 'kind'>;

const keys = new Map(Object.entries(topics).map(([key, { name }]) => [name as string, key]));
/** Returns the node id of a topic: its key in the catalogue, because Mermaid allows no dots in ids and has reserved words. */
const idOf = (name: string): string => keys.get(name) ?? name.replaceAll('-', '_');
const idsOf = (names: readonly string[]): string => [...new Set(names.map(idOf))].sort().join(' & ');

const isEvents = ({ kind }: Drawn): boolean => kind === 'events' || kind === 'decisions';
const eventTopics = allTopics.filter(isEvents);
/** Returns true for the state topic of a processor, which only that processor reads and writes. It is not drawn. */
const isCache = ({ name, writers }: Topic): boolean => writers.some((writer) => name === `${writer}.state`);
const drawnTopics = allTopics.filter((topic) => !isCache(topic));

/** Returns the ids of the inputs. A reader of most event topics is drawn behind one node for all of them. */
function read(inputs: readonly Drawn[]): string {
  const isMost = inputs.filter(isEvents).length > eventTopics.length / 2;
  const names = inputs.filter((input) => !isMost || !isEvents(input)).map(({ name }) => name);
  return idsOf(isMost ? [...names, 'events'] : names);
}

const written = (writer: string): string =>
  idsOf(drawnTopics.filter(({ writers }) => writers.includes(writer)).map(({ name }) => name));

const arrow = (name: string, inputs: readonly Drawn[]): string =>
  `  ${[read(inputs), idOf(name), written(name)].filter((nodes) => nodes !== '').join(' --> ')}`;

const tableArrow = ({ name, tables }: { name: string; tables: Tables }): readonly string[] => {
  const followedTopics = Object.values(tables).map(({ topic }) => topic.name as string);
  return followedTopics.length === 0 ? [] : [`  ${idsOf(followedTopics)} -. table .-> ${idOf(name)}`];
};

/** Returns the nodes of a topology: several members are drawn in a box of its name. */
function nodesOf({ name, members }: Topology): readonly string[] {
  const nodes = members.map((member) => `  ${idOf(member.name)}[${member.name}]`);
  return nodes.length === 1 ? nodes : [`  subgraph ${idOf(name)}`, ...nodes.map((node) => `  ${node}`), '  end'];
}

/** Returns the diagram of docs/explanation/architecture.md: a Mermaid flowchart of the declared topics and roles. */
export function architectureSection(from: Registered = registered): string {
  const processors = declaredProcessors(from);
  const workers = Object.values(from.workers);
  const observers = Object.values(from.observers).map((make) => make(createLogger('docs', 'silent')));
  const followers = [
    { name: 'gateways', tables: gatewayTables },
    ...workers.map(({ name }) => ({ name, tables: workerTables })),
  ];
  const views = [...allProjections, ...allCaches];
  return [
    '```mermaid',
    'flowchart LR',
    '  clients([clients]) -- HTTP --> gateways[gateways]',
    '  events[(events and decisions)] -- outcomes, SSE --> gateways',
    `  ${read(views.flatMap(({ inputs }) => inputs))} --> projections[projections] --> rows[(Postgres, Redis)]`,
    '  rows -- queries --> gateways',
    `  gateways --> ${written('gateway')}`,
    ...drawnTopics.map(({ name }) => `  ${idOf(name)}[(${name})]`),
    ...declaredTopologies('chained', from).flatMap(nodesOf),
    ...workers.map(({ name }) => `  ${idOf(name)}{{${name}}}`),
    ...[...processors, ...workers].map(({ name, inputs }) => arrow(name, inputs)),
    ...[...processors, ...followers].flatMap(tableArrow),
    ...observers.map(({ name, topic }) => `  ${idOf(topic)} --> ${idOf(name)}[${name}]`),
    '```',
  ].join('\n');
}
