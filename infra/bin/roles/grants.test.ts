import { describe, expect, it } from 'vitest';
import { allTopics, deadLetterTopic, topics } from '../../../schemas/topics.ts';
import { policyEngine } from '../../../streams/policy-engine/policy-engine.ts';
import { slm } from '../../../streams/slm/slm.ts';
import type { Grant, Operation } from '../../acl/grant.ts';
import { toBindings, toCommands } from '../../acl/kafka-acls.ts';
import { declared } from './declared.ts';
import { grantsOfRoles, grantsOfTeam, rightsByRole } from './grants.ts';
import { observers, processors, workers } from './processors.ts';

const grants = grantsOfRoles();
const of = (role: string): readonly Grant[] => grants.filter(({ principal }) => principal === `khipu-${role}`);
const topicsWith = (role: string, operation: Operation): string[] =>
  of(role)
    .filter(({ resource, operations }) => resource === 'topic' && operations.includes(operation))
    .map(({ name }) => name)
    .filter((name) => !name.endsWith('.dlq'));
const isDead = (name: string): boolean => name.endsWith('.dlq');

describe('the roles', () => {
  it('are all that run, each with a principal of its own', () => {
    expect(
      declared()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(Object.keys(processors).sort());
    const running = [...Object.keys(processors), ...Object.keys(workers), ...Object.keys(observers)];
    expect(Object.keys(rightsByRole()).sort()).toEqual(
      [...running, 'gateway', 'operator', 'projection', 'setup'].sort(),
    );
  });

  it('write what they declare, and what the catalogue says, which is the same', () => {
    for (const processor of [...declared(), slm, policyEngine]) {
      const state = processor.kind === 'processor' ? [processor.state, processor.timers?.topic] : [];
      const written = [...processor.outputs, ...state].flatMap((topic) => topic?.name ?? []);
      expect(topicsWith(processor.name, 'Write'), processor.name).toEqual([...new Set(written)].sort());
    }
  });

  it('are the only writers of each topic, but for people who send dead letters back', () => {
    for (const { name, writers } of allTopics)
      expect(
        grants
          .filter((grant) => grant.name === name && grant.operations.includes('Write'))
          .map(({ principal }) => principal)
          .filter((principal) => principal !== 'khipu-operator')
          .sort(),
        name,
      ).toEqual(writers.map((writer) => `khipu-${writer}`).sort());
  });

  it('read their inputs, tables, state and journal, and no more', () => {
    expect(topicsWith('sessions', 'Read')).toEqual([
      '__consumer_offsets',
      topics.policyDecisions.name,
      topics.sessionsEvents.name,
      topics.sessionsState.name,
    ]);
    expect(topicsWith('slm', 'Read')).toEqual([
      '__consumer_offsets',
      topics.killswitchSwitches.name,
      topics.slmRequests.name,
    ]);
    // A process of workers holds the switches, whatever it works on.
    for (const worker of Object.keys(workers))
      expect(topicsWith(worker, 'Read'), worker).toContain(topics.killswitchSwitches.name);
    expect(topicsWith('gateway', 'Read')).not.toContain(topics.policyDecisions.name);
  });

  it('bury beside their inputs only, and nobody but people reads what is buried', () => {
    for (const { principal, name, operations } of grants.filter((grant) => isDead(grant.name))) {
      if (principal === 'khipu-operator' || principal === 'khipu-setup') continue;
      expect(operations, `${principal} ${name}`).toEqual(['Write', 'Describe']);
      const inputs = of(principal.replace('khipu-', '')).filter((grant) => grant.operations.includes('Read'));
      expect(inputs.map((grant) => deadLetterTopic(grant.name))).toContain(name);
    }
  });

  it('share no group and no transactional id', () => {
    const own = grants.filter(({ name }) => !/^khipu\.(read|tail)\.$/.test(name) && name.startsWith('khipu.'));
    const ids = own.filter(({ resource }) => resource === 'transactional-id').map(({ name }) => name);
    const groups = own.filter(({ resource, operations }) => resource === 'group' && operations.includes('Read'));
    for (const names of [ids, groups.map(({ name }) => name)]) {
      expect(names.length).toBeGreaterThan(10);
      expect(new Set(names).size).toBe(names.length);
    }
    for (const id of ids) expect(ids.filter((other) => other.startsWith(id))).toEqual([id]);
  });

  it('have no leave over the cluster, but for a producer id where nothing is written', () => {
    expect(grants.filter(({ resource }) => resource === 'cluster')).toEqual([
      {
        ...{ principal: 'khipu-audit-log', resource: 'cluster', name: 'kafka-cluster', pattern: 'literal' },
        operations: ['IdempotentWrite'],
      },
    ]);
    expect(toCommands(of('audit-log')).at(-1)).toMatch(/--operation IdempotentWrite --cluster$/);
  });

  it('make topics only where they are set up', () => {
    const makers = grants.filter(({ operations }) => operations.includes('Create'));
    expect(new Set(makers.map(({ principal }) => principal))).toEqual(new Set(['khipu-setup']));
    expect(makers.length).toBe(allTopics.length + allTopics.filter(({ deadLetters }) => deadLetters).length);
  });
});

describe('a team', () => {
  it('reads the topics that it was given, under groups of its own, and nothing else', () => {
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

  it('are commands of Kafka’s tool, one for all that is allowed alike', () => {
    const begin =
      'kafka-acls.sh --bootstrap-server "$KAFKA_BROKERS" --command-config admin.properties --add --allow-principal User:billing';
    expect(toCommands(billing)).toEqual([
      `${begin} --operation Read --operation Describe --topic audit.events --topic slm.metrics`,
      `${begin} --operation Read --resource-pattern-type prefixed --group billing.`,
    ]);
  });

  it('are bindings of one operation each', () => {
    const bindings = toBindings(billing);
    expect(bindings.length).toBe(5);
    expect(bindings[0]).toEqual({
      ...{ principal: 'User:billing', host: '*', permission: 'Allow', operation: 'Read' },
      ...{ resourceType: 'topic', resourceName: 'audit.events', patternType: 'literal' },
    });
  });
});
