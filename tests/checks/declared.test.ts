import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { architectureSection } from '../../docs/generate/sections/architecture.ts';
import { composeSection } from '../../docs/generate/sections/compose.ts';
import { rightsByRole } from '../../infra/bin/roles/grants.ts';
import { localRoles } from '../../infra/bin/roles/local.ts';
import { expand, type Registered, registered } from '../../infra/bin/roles/names.ts';
import { register as registerStream } from '../../infra/bin/run/stream.ts';
import { register as registerWorker } from '../../infra/bin/run/worker.ts';
import { topics } from '../../schemas/topics.ts';
import { declaredProcessors } from '../../streams/all.ts';
import { type AnyTopic, journalOf, type Processor, processor, worker } from '../../streams/kernel.ts';
import { decidesOnAnyInput } from '../../streams/totality-testing.ts';

/** What two edits add: a declaration, and a line in streams/all.ts. A worker has a binding as well. */
const copied = processor({
  name: 'planted',
  inputs: [topics.sessionsEvents],
  outputs: [topics.auditEvents],
  tables: {},
  key: (_, meta) => meta.key,
  decide: (_, record) => {
    if (record.type === 'SessionRefused') throw new Error('a bug');
    return [];
  },
});
const calling = worker({
  name: 'planted-worker',
  inputs: [topics.sessionsEvents],
  outputs: [],
  key: (_, meta) => meta.key,
  ...{ concurrencyMax: 1, attemptsMax: 1, deadlineMs: 1_000 },
});
const planted: Registered = {
  ...registered,
  processors: { ...registered.processors, planted: () => copied },
  workers: { ...registered.workers, 'planted-worker': calling },
  bindings: {
    ...registered.bindings,
    'planted-worker': { heapMb: 64, runsWith: 'PLANTED_URL', bind: () => Promise.reject(new Error('not run')) },
  },
};

const help = (from: Registered): string => {
  const program = new Command('khipu');
  registerStream(program, from);
  registerWorker(program, from);
  return program.commands.map((command) => command.description()).join('\n');
};

describe('a processor or worker that is declared', () => {
  it('is named by the command line', () => {
    expect(help(planted)).toMatch(/ planted, .*\n.* planted-worker;/);
    expect(help(registered)).not.toContain('planted');
  });

  it('runs with all others, a worker in a process of its own where its setting is given', () => {
    expect(expand(['all'], 'chained', planted)).toContain('planted');
    expect(expand(['all'], 'chained', planted)).not.toContain('planted-worker');
    const names = (env: NodeJS.ProcessEnv) => localRoles(env, planted).map(({ name }) => name);
    expect(names({})).not.toContain('worker-planted-worker');
    expect(names({ PLANTED_URL: 'x' })).toContain('worker-planted-worker');
    expect(composeSection(planted)).toContain('  worker-planted-worker:');
  });

  it('is granted what it reads, under a group and a transactional id of its own', () => {
    for (const name of ['planted', 'planted-worker'])
      expect(rightsByRole(planted)[name]).toMatchObject({
        reads: expect.arrayContaining([topics.sessionsEvents.name]),
        groups: [`khipu.${name}`],
        transactionalIdPrefixes: [`khipu.${name}.`],
      });
  });

  it('is tried on any input, which finds the bug in this one', () => {
    const found = declaredProcessors(planted).find(({ name }) => name === 'planted');
    expect(found).toBe(copied);
    expect(() => decidesOnAnyInput(copied)).toThrow(/SessionRefused/);
  });

  it('is in the drawing of the architecture', () => {
    expect(architectureSection(planted)).toContain('\n  sessionsEvents --> planted\n');
    expect(architectureSection(planted)).toContain('\n  planted_worker{{planted-worker}}\n');
  });
});

/** Returns the topics of which each partition is read or rebuilt by one task of the processor. */
const topicsOfTask = (each: Processor): readonly AnyTopic[] => {
  const journal = each.state === null ? null : journalOf(each);
  return journal === null ? each.inputs : [...each.inputs, journal];
};

describe('every processor with state', () => {
  const withState = declaredProcessors().filter(({ state }) => state !== null);

  it.each(withState.map((each) => [each.name, each] as const))(
    '%s finds its inputs and its journal in the partition of its state',
    (_, each) => {
      const placements = topicsOfTask(each).map(({ spread, partitionedBy }) =>
        spread === 'single' ? spread : partitionedBy === 'place' ? 'by place' : 'by key or tenant',
      );
      expect(new Set(placements).size).toBe(1);
    },
  );
});
