import { allTopics, deadLetterTopic, type Topic, writtenBy } from '../../../schemas/topics.ts';
import { journalOf, type Processor, type Topology, type Worker } from '../../../streams/kernel.ts';
import { JOB_RUNNER } from '../../jobs/worker/module.ts';
import type { Rights } from '../../kafka/acl/grant.ts';
import { GROUPS_OF_READS, GROUPS_OF_TAILS } from '../../kafka/kafkajs/log.ts';
import { LAYOUT_TOPIC } from '../../kafka/layout.ts';
import { OFFSETS_TOPIC } from '../../kafka/offsets-log.ts';
import { GROUPS_OF_VIEWS } from '../../projections/run/run-views.ts';
import { TRANSACTIONAL_IDS } from '../../runner/dead-letters/settle.ts';
import { groupOf, transactionalIdsOf } from '../../runner/names.ts';
import type { Observer } from '../../runner/observer/task.ts';

type Named = Pick<Topic, 'name'>;
const names = (topics: readonly Named[]): string[] => topics.map(({ name }) => name);
const deadLettersOf = (topics: readonly Pick<Topic, 'name' | 'deadLetters'>[]): string[] =>
  topics.filter(({ deadLetters }) => deadLetters).map(({ name }) => deadLetterTopic(name));

/** The layout of the log, which every role checks before it starts, and Kafka's offsets topic. */
const everyRole = [LAYOUT_TOPIC, OFFSETS_TOPIC] as const;

/**
 * Rights of all readers. Tables, state and ranges are read under generated groups; lost offsets are looked up in
 * Kafka's offsets topic.
 */
const reading = { groupPrefixes: [GROUPS_OF_READS, GROUPS_OF_TAILS] } as const;

/** Rights of the tasks of a reader that commits its offsets in transactions. */
const tasksOf = (name: string): Rights => ({
  groups: [groupOf(name)],
  ...reading,
  transactionalIdPrefixes: [transactionalIdsOf(name)],
});

/**
 * Returns the rights of a topology: the union of those of its members, except that it does not read the topics that are
 * handed on. Its principal may write what any member writes.
 */
export function rightsOfTopology({ name, members, external, internal }: Topology): Rights {
  const restored = members.flatMap(sourcesOf);
  const parking = members.filter(({ poison }) => poison === 'park').flatMap(({ inputs }) => deadLettersOf(inputs));
  return {
    reads: [...names([...external, ...restored]), ...parking, ...everyRole],
    writes: [...members.flatMap((member) => writtenBy(member.name)), ...deadLettersOf([...external, ...internal])],
    ...tasksOf(name),
  };
}

/**
 * Returns the rights of a worker. `tables`: followed by its process. The job runner has those of all queues of jobs: each is
 * a consumer group with its name in front.
 */
export function rightsOfWorker({ name, inputs, poison }: Worker, tables: readonly Named[]): Rights {
  const dead = deadLettersOf(inputs);
  const queues = name === JOB_RUNNER ? [`${groupOf(name)}.`] : [];
  return {
    reads: [...names([...inputs, ...tables]), ...(poison === 'park' ? dead : []), ...everyRole],
    writes: [...writtenBy(name), ...dead],
    ...tasksOf(name),
    groupPrefixes: [...reading.groupPrefixes, ...queues],
  };
}

/** Returns the topics a processor restores from: tables, state, and the journal from which state is rebuilt. */
function sourcesOf(processor: Processor): readonly Named[] {
  const tables = Object.values(processor.tables).map(({ topic }) => topic);
  const journal = processor.state === null ? null : journalOf(processor);
  return [...tables, processor.state, journal].filter((topic) => topic !== null);
}

/**
 * Returns the rights of an observer. It commits offsets in transactions and writes no records, so it needs the right to
 * a producer id.
 */
export const rightsOfObserver = ({ name, topic }: Pick<Observer, 'name' | 'topic'>): Rights => ({
  reads: [topic, ...everyRole],
  ...tasksOf(name),
  producerId: true,
});

/**
 * Returns the rights of the gateways. `tailed`: topics that they follow. `groups`: the consumer groups whose positions
 * they show, in every topic of the catalogue.
 */
export const rightsOfGateway = (
  tailed: readonly string[],
  tables: readonly Named[],
  groups: readonly string[],
): Rights => ({
  reads: [...tailed, ...names(tables), ...everyRole],
  writes: writtenBy('gateway'),
  describes: names(allTopics),
  describesGroups: groups,
  ...reading,
});

/**
 * Returns the rights of all views, which share one role. They keep their offsets in the read models, and write dead
 * letters for rejected records. Their groups have a prefix, because each set of views has a group of its own.
 */
export const rightsOfProjections = (
  views: readonly { readonly inputs: readonly Pick<Topic, 'name' | 'deadLetters'>[] }[],
): Rights => ({
  reads: [...views.flatMap(({ inputs }) => names(inputs)), LAYOUT_TOPIC],
  writes: views.flatMap(({ inputs }) => deadLettersOf(inputs)),
  groupPrefixes: [...reading.groupPrefixes, GROUPS_OF_VIEWS],
});

/**
 * Returns the rights of setup: it creates missing topics, reads the active constitution, and publishes the first one in
 * development.
 */
export const rightsOfSetup = (): Rights => ({
  reads: [...writtenBy('setup'), LAYOUT_TOPIC],
  writes: [...writtenBy('setup'), LAYOUT_TOPIC],
  creates: [LAYOUT_TOPIC, ...names(allTopics), ...deadLettersOf(allTopics)],
  ...reading,
});

/**
 * Returns the rights of operator commands: they read every topic, recompute decisions, and redrive dead letters to
 * their topics.
 */
export const rightsOfOperator = (): Rights => {
  const dead = deadLettersOf(allTopics);
  return {
    reads: [...names(allTopics), ...dead],
    writes: [...names(allTopics.filter(({ deadLetters }) => deadLetters)), ...writtenBy('operator'), ...dead],
    ...reading,
    transactionalIdPrefixes: [TRANSACTIONAL_IDS],
  };
};

/** Returns the rights of a role that has both. */
export const together = (one: Rights, other: Rights): Rights => ({
  ...one,
  ...other,
  reads: [...(one.reads ?? []), ...(other.reads ?? [])],
  writes: [...(one.writes ?? []), ...(other.writes ?? [])],
  groups: [...(one.groups ?? []), ...(other.groups ?? [])],
  groupPrefixes: [...(one.groupPrefixes ?? []), ...(other.groupPrefixes ?? [])],
  transactionalIdPrefixes: [...(one.transactionalIdPrefixes ?? []), ...(other.transactionalIdPrefixes ?? [])],
});

/** Topics that other teams may read: events and decisions. Commands and state are internal. */
export const topicsForTeams: readonly string[] = names(
  allTopics.filter(({ kind }) => kind === 'events' || kind === 'decisions'),
);

/** Returns the rights of a team: to read the topics, with groups that begin with its name and a dot. */
export const rightsOfTeam = (team: string, topics: readonly string[]): Rights => ({
  reads: topics,
  groupPrefixes: [`${team}.`],
});
