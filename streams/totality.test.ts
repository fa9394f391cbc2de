import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cronCalendar } from '../infra/schedules/calendar.ts';
import { schemaProblemsOf } from '../infra/tools/manifest/schema-problems.ts';
import { allTopics } from '../schemas/topics.ts';
import { all, declaredProcessors, type Needs } from './all.ts';
import { testCapsuleReader } from './capsules/testing.ts';
import { lifeEngine } from './constitution/testing.ts';
import { engineWith, options } from './policy/testing.ts';
import { testReader } from './tools/testing.ts';
import { decidesAlike, decidesOnAnyInput, foldsAnyJournal, foldsItsOutput } from './totality-testing.ts';

const needs: Needs = {
  ...options,
  currency: 'USD',
  ruleEngine: engineWith(),
  constitutionEngine: lifeEngine(),
  asksEngine: false,
  asksClassifier: false,
  reviewsRequired: 1,
  twoPerson: false,
  calendar: cronCalendar,
  readManifest: testReader,
  readCapsule: testCapsuleReader,
  capsuleReviewsRequired: 1,
  schemaProblems: schemaProblemsOf(),
};
const processors = Object.values(all.processors).map((make) => make(needs));
const stateful = processors.filter(({ state }) => state !== null);

/** Names in use: none of these may change or be removed. New names are not listed here. */
const names = [
  ...[
    'policy',
    'sessions',
    'conversation',
    'inference',
    'kill-switch',
    'revocations',
    'constitution',
    'identity',
    'budget',
    'personas',
  ],
  ...['audit', 'slm', 'policy-engine'],
];
const tables = ['constitution', 'kill-switches', 'revocations', 'tenants', 'constitutions', 'personas'];

describe('every processor', () => {
  it('keeps its name: record ids, consumer groups and transactional ids contain it', () => {
    for (const [name, { name: own }] of Object.entries(all.workers)) expect(own).toBe(name);
    expect(declaredProcessors().map(({ name }) => name)).toEqual(Object.keys(all.processors));
    expect([...Object.keys(all.processors), ...Object.keys(all.workers)]).toEqual(expect.arrayContaining(names));
    const tableNames = processors.flatMap((each) => Object.values(each.tables).map(({ name }) => name));
    expect(tableNames).toEqual(expect.arrayContaining(tables));
  });

  it('is a writer in the catalogue', () => {
    const writers = new Set(allTopics.flatMap((topic) => topic.writers));
    for (const name of [...Object.keys(all.processors), ...Object.keys(all.workers)]) expect(writers).toContain(name);
  });

  it.each(['processor', 'worker'] as const)('is registered where a file declares a %s', (kind) => {
    const declaring = globSync('streams/*/*.ts', { exclude: ['**/*.test.ts', '**/*testing.ts', '**/kernel/**'] });
    const found = declaring.filter((file) => new RegExp(`\\b${kind}\\(`).test(readFileSync(file, 'utf8')));
    expect(found.length).toBe(Object.keys(all[`${kind}s`]).length);
  });

  it.each(processors)('$name decides on any input in any state that its input can bring about', decidesOnAnyInput);

  it.each(processors)('$name says the same of the same input, and changes nothing that it was given', decidesAlike);
});

describe('the state of every processor', () => {
  it.each(stateful)('of $name is the fold of any events of its journal in any order, and JSON', foldsAnyJournal);

  it.each(stateful)('of $name after its input is the fold of what it put out', foldsItsOutput);
});
