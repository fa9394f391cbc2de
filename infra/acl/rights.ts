import { allTopics, deadLetterTopic, type Topic } from '../../schemas/topics.ts';
import { journalOf, type Processor, type Worker } from '../../streams/kernel.ts';
import { TRANSACTIONAL_IDS } from '../kafka/dead-letters/settle.ts';
import { GROUPS_OF_READS, GROUPS_OF_TAILS } from '../kafka/kafkajs/log.ts';
import { OFFSETS_TOPIC } from '../kafka/offsets-log.ts';
import type { Observer } from '../kafka/runner/observer-runner.ts';
import { groupOf, transactionalIdsOf } from '../kafka/runner/processor-runner.ts';
import { groupOf as groupOfView } from '../projections/run-view.ts';
import type { Rights } from './grant.ts';

type Named = Pick<Topic, 'name'>;
const names = (topics: readonly Named[]): string[] => topics.map(({ name }) => name);
const deadLettersOf = (topics: readonly Pick<Topic, 'name' | 'deadLetters'>[]): string[] =>
  topics.filter(({ deadLetters }) => deadLetters).map(({ name }) => deadLetterTopic(name));

/** The catalogue alone says who writes what: state and timers as well as outputs. */
const writtenBy = (writer: string): string[] => names(allTopics.filter(({ writers }) => writers.includes(writer)));

/** Tables, state and ranges are read under groups that are made up for it; lost offsets are looked up where Kafka keeps them. */
const reading = { groupPrefixes: [GROUPS_OF_READS, GROUPS_OF_TAILS] } as const;

/** `tables`: beside those of the declaration, what the process holds for the handler of a worker. */
export function rightsOfStream(declared: Processor | Worker, tables: readonly Named[] = []): Rights {
  const { name, inputs, poison } = declared;
  const held = declared.kind === 'processor' ? heldBy(declared) : [];
  const dead = deadLettersOf(inputs);
  return {
    reads: [...names([...inputs, ...held, ...tables]), ...(poison === 'park' ? dead : []), OFFSETS_TOPIC],
    writes: [...writtenBy(name), ...dead],
    groups: [groupOf(name)],
    ...reading,
    transactionalIdPrefixes: [transactionalIdsOf(name)],
  };
}

/** Tables, state, and the journal from which state is folded anew. */
function heldBy(processor: Processor): readonly Named[] {
  const tables = Object.values(processor.tables).map(({ topic }) => topic);
  const journal = processor.state === null ? null : journalOf(processor);
  return [...tables, processor.state, journal].filter((topic) => topic !== null);
}

/** It commits offsets in transactions, and writes nothing: only for that it needs leave to have a producer id. */
export const rightsOfObserver = ({ name, topic }: Pick<Observer, 'name' | 'topic'>): Rights => ({
  reads: [topic, OFFSETS_TOPIC],
  groups: [groupOf(name)],
  ...reading,
  transactionalIdPrefixes: [transactionalIdsOf(name)],
  producerId: true,
});

/** `tailed`: topics that gateways follow. `worker`: whose backlog they tell, over which topics. */
export const rightsOfGateway = (
  tailed: readonly string[],
  tables: readonly Named[],
  worker: Pick<Worker, 'name' | 'inputs'>,
): Rights => ({
  reads: [...tailed, ...names(tables), OFFSETS_TOPIC],
  writes: writtenBy('gateway'),
  describes: names(worker.inputs),
  describesGroups: [groupOf(worker.name)],
  ...reading,
});

/** One role for all views: they keep their offsets in the read models, and bury what no read model takes. */
export const rightsOfProjections = (
  views: readonly { readonly name: string; readonly inputs: readonly Pick<Topic, 'name' | 'deadLetters'>[] }[],
): Rights => ({
  reads: views.flatMap(({ inputs }) => names(inputs)),
  writes: views.flatMap(({ inputs }) => deadLettersOf(inputs)),
  groups: views.map(({ name }) => groupOfView(name)),
  ...reading,
});

/** Makes what is missing, reads which constitution is in force, and in development publishes the first. */
export const rightsOfSetup = (): Rights => ({
  reads: writtenBy('setup'),
  writes: writtenBy('setup'),
  creates: [...names(allTopics), ...deadLettersOf(allTopics)],
  ...reading,
});

/** Commands of people: they read everything, decide again what was decided, and send dead letters back where they came from. */
export const rightsOfOperator = (): Rights => {
  const dead = deadLettersOf(allTopics);
  return {
    reads: [...names(allTopics), ...dead],
    writes: [...names(allTopics.filter(({ deadLetters }) => deadLetters)), ...dead],
    ...reading,
    transactionalIdPrefixes: [TRANSACTIONAL_IDS],
  };
};

/** Contracts that other teams may build on: what was decided and what happened. Commands and state are between our roles. */
export const topicsForTeams: readonly string[] = names(
  allTopics.filter(({ kind }) => kind === 'events' || kind === 'decisions'),
);

export const rightsOfTeam = (team: string, topics: readonly string[]): Rights => ({
  reads: topics,
  groupPrefixes: [`${team}.`],
});
