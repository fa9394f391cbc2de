import { describe, expect, it } from 'vitest';
import { allTopics, deadLetterTopic, topics } from '../../../schemas/topics.ts';
import { all, type ChainedProcessors, declaredTopologies } from '../../../streams/all.ts';
import { journalOf, type Processor, type Worker } from '../../../streams/kernel.ts';
import type { Grant, Operation } from '../../kafka/acl/grant.ts';
import { toBindings, toCommands } from '../../kafka/acl/kafka-acls.ts';
import { LAYOUT_TOPIC } from '../../kafka/layout.ts';
import { grantsOfRoles, grantsOfTeam, rightsByRole } from './grants.ts';
import { registered, streamNames, workerNames } from './names.ts';

const grants = grantsOfRoles();
const of = (role: string, among = grants): readonly Grant[] =>
  among.filter(({ principal }) => principal === `khipu-${role}`);
/** Returns the principal that writes in the layout `chained` what this writer of the catalogue writes. */
const roleOf = (writer: string): string =>
  `khipu-${Object.entries<ChainedProcessors>(all.topologies).find(([, { members }]) => members.includes(writer))?.[0] ?? writer}`;
const topicsWith = (role: string, operation: Operation, among = grants): string[] =>
  of(role, among)
    .filter(({ resource, operations }) => resource === 'topic' && operations.includes(operation))
    .map(({ name }) => name)
    .filter((name) => !name.endsWith('.dlq'));
/** Principals that redrive dead letters: the command, and the worker that does it for a gateway. They fence each other. */
const OPERATORS: ReadonlySet<string> = new Set(['khipu-operator', 'khipu-operations']);
const isDead = (name: string): boolean => name.endsWith('.dlq');

describe('the roles', () => {
  it('are all processes, each with its own principal', () => {
    expect(Object.keys(rightsByRole()).sort()).toEqual(
      [...streamNames('chained'), ...workerNames(), 'gateway', 'operator', 'projection', 'setup'].sort(),
    );
  });

  const writtenBy = (each: Processor | Worker): string[] => {
    const state = each.kind === 'processor' ? [each.state, each.timers?.topic] : [];
    return [...each.outputs, ...state].flatMap((topic) => topic?.name ?? []);
  };

  it('write their declared outputs, which equal those of the catalogue', () => {
    const declared = [
      ...declaredTopologies('chained').map(({ name, members }) => ({ name, members })),
      ...Object.values(all.workers)
        .filter(({ name }) => !OPERATORS.has(`khipu-${name}`))
        .map((worker) => ({ name: worker.name, members: [worker] })),
    ];
    for (const { name, members } of declared)
      expect(topicsWith(name, 'Write'), name).toEqual([...new Set(members.flatMap(writtenBy))].sort());
  });

  it('of a topology are the union of those of its members, without the topics that are handed on', () => {
    const { core } = rightsByRole();
    const members = declaredTopologies('apart').filter(({ name }) => roleOf(name) === 'khipu-core');
    const apart = rightsByRole(registered, 'apart');
    const union = (part: 'reads' | 'writes') => new Set(members.flatMap(({ name }) => apart[name]?.[part] ?? []));
    expect(new Set(core?.writes)).toEqual(union('writes'));
    const [chained] = declaredTopologies('chained');
    const journals = chained?.members.flatMap((member) => journalOf(member)?.name ?? []) ?? [];
    const handedOn = chained?.internal.map(({ name }) => name).filter((name) => !journals.includes(name)) ?? [];
    expect(handedOn).toContain(topics.policyDecisions.name);
    expect(new Set(core?.reads)).toEqual(new Set([...union('reads')].filter((name) => !handedOn.includes(name))));
  });

  it('are the only writers of each topic, except operators who redrive dead letters', () => {
    for (const { name, writers } of allTopics)
      expect(
        grants
          .filter((grant) => grant.name === name && grant.operations.includes('Write'))
          .map(({ principal }) => principal)
          .filter((principal) => !OPERATORS.has(principal))
          .sort(),
        name,
      ).toEqual([...new Set(writers.map(roleOf))].filter((principal) => !OPERATORS.has(principal)).sort());
  });

  it('read their inputs, tables, state and journal, and no more', () => {
    const apart = grantsOfRoles(registered, 'apart');
    expect(topicsWith('sessions', 'Read', apart)).toEqual([
      '__consumer_offsets',
      topics.coreRedrive.name,
      LAYOUT_TOPIC,
      topics.policyDecisions.name,
      topics.sessionsEvents.name,
      topics.sessionsState.name,
    ]);
    expect(topicsWith('slm', 'Read')).toEqual([
      '__consumer_offsets',
      // Answers are checked under it.
      topics.constitutionEvents.name,
      topics.identityTenants.name,
      topics.killSwitchSwitches.name,
      LAYOUT_TOPIC,
      topics.slmRequests.name,
    ]);
    // Every worker process follows the kill switches, and the weights of tenants.
    for (const worker of Object.keys(all.workers))
      for (const table of [topics.killSwitchSwitches.name, topics.identityTenants.name])
        expect(topicsWith(worker, 'Read'), worker).toContain(table);
    expect(topicsWith('gateway', 'Read')).not.toContain(topics.policyDecisions.name);
  });

  it('write dead letters only for their inputs, and only operators read them', () => {
    for (const { principal, name, operations } of grants.filter((grant) => isDead(grant.name))) {
      if (OPERATORS.has(principal) || principal === 'khipu-setup') continue;
      expect(operations, `${principal} ${name}`).toEqual(['Write', 'Describe']);
      const role = principal.replace('khipu-', '');
      const inputs = of(role).filter((grant) => grant.operations.includes('Read'));
      const internal = declaredTopologies('chained').find((each) => each.name === role)?.internal ?? [];
      expect([...inputs, ...internal].map((each) => deadLetterTopic(each.name))).toContain(name);
    }
  });

  it('share no group and no transactional id', () => {
    const own = grants.filter(
      ({ name, principal, operations }) =>
        !/^khipu\.(read|tail|dlq)\.$/.test(name) &&
        name.startsWith('khipu.') &&
        !(principal === 'khipu-gateway' && operations.includes('Describe')),
    );
    const ids = own.filter(({ resource }) => resource === 'transactional-id').map(({ name }) => name);
    const groups = own.filter(({ resource, operations }) => resource === 'group' && operations.includes('Read'));
    for (const names of [ids, groups.map(({ name }) => name)]) {
      expect(names.length).toBeGreaterThan(10);
      expect(new Set(names).size).toBe(names.length);
    }
    for (const id of ids) expect(ids.filter((other) => other.startsWith(id))).toEqual([id]);
  });

  it('have no rights on the cluster, except to a producer id when they write no records', () => {
    expect(grants.filter(({ resource }) => resource === 'cluster')).toEqual([
      {
        ...{ principal: 'khipu-audit-log', resource: 'cluster', name: 'kafka-cluster', pattern: 'literal' },
        operations: ['IdempotentWrite'],
      },
    ]);
    expect(toCommands(of('audit-log')).at(-1)).toMatch(/--operation IdempotentWrite --cluster$/);
  });

  it('create topics only in setup', () => {
    const makers = grants.filter(({ operations }) => operations.includes('Create'));
    expect(new Set(makers.map(({ principal }) => principal))).toEqual(new Set(['khipu-setup']));
    expect(makers.length).toBe(1 + allTopics.length + allTopics.filter(({ deadLetters }) => deadLetters).length);
  });
});

describe('a team', () => {
  it('reads only the granted topics, with its own groups', () => {
    expect(grantsOfTeam('billing', ['slm.metrics'])).toEqual([
      {
        ...{ principal: 'billing', resource: 'topic', name: 'slm.metrics', pattern: 'literal' },
        operations: ['Read', 'Describe'],
      },
      { principal: 'billing', resource: 'group', name: 'billing.', pattern: 'prefixed', operations: ['Read'] },
    ]);
  });

  it.each([
    ['slm.requests', 'TOPIC_NOT_SHARED'],
    ['identity.directory', 'TOPIC_NOT_SHARED'],
    ['slm.metrics.dlq', 'TOPIC_UNKNOWN'],
    ['*', 'TOPIC_UNKNOWN'],
  ])('is not given %s: %s', (topic, code) => {
    expect(() => grantsOfTeam('billing', ['slm.metrics', topic])).toThrow(expect.objectContaining({ code }));
  });
});

describe('ACLs', () => {
  const billing = grantsOfTeam('billing', ['slm.metrics', 'audit.events']);

  it('are commands of Kafka’s tool, one per set of equal operations', () => {
    const begin =
      'kafka-acls.sh --bootstrap-server "$KAFKA_BROKERS" --command-config admin.properties --add --allow-principal User:billing';
    expect(toCommands(billing)).toEqual([
      `${begin} --operation Read --operation Describe --topic audit.events --topic slm.metrics`,
      `${begin} --operation Read --resource-pattern-type prefixed --group billing.`,
    ]);
  });

  it('are bindings with one operation each', () => {
    const bindings = toBindings(billing);
    expect(bindings.length).toBe(5);
    expect(bindings[0]).toEqual({
      ...{ principal: 'User:billing', host: '*', permission: 'Allow', operation: 'Read' },
      ...{ resourceType: 'topic', resourceName: 'audit.events', patternType: 'literal' },
    });
  });
});
