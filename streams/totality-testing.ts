/** The properties that every processor has, for any input that its schemas allow. Each throws with the smallest counterexample. */
import fc from 'fast-check';
import { expect } from 'vitest';
import { agentCallId, handoffTool } from '../schemas/contexts/agents.ts';
import { sha256 } from '../schemas/contexts/approvals.ts';
import { recordOf } from '../schemas/testing.ts';
import { keyOf, type Topic, topicOf } from '../schemas/topics.ts';
import { capsuleEnvelopeOf } from './capsules/testing.ts';
import { GOOD } from './constitution/testing.ts';
import { createLocalCodec } from './kernel/local-codec.ts';
import { step } from './kernel/step.ts';
import { metaFor } from './kernel/testing.ts';
import { NO_TIMERS, timersOf } from './kernel/timers.ts';
import { type AnyRecord, journalOf, type Meta, type Processor, type RecordName } from './kernel.ts';
import { aTurn } from './testing.ts';
import { envelopeOf } from './tools/testing.ts';

const codec = createLocalCodec();
const KEY = 'key';
const someMeta = metaFor(aTurn('t'));
/** Tenant and place of every record. */
const HOME = { tenantId: someMeta.tenantId, place: someMeta.place };

const namesIn = (topics: readonly Topic[]): readonly RecordName[] =>
  topics.flatMap(({ records }) => Object.keys(records) as RecordName[]);

/** An entry that a record of identity or personas may be about, so that commands are not refused for their form alone. */
function entryOf(type: RecordName): string {
  if (type.includes('Persona')) return 'persona:demo:guide';
  if (type.includes('Tenant')) return 'tenant:demo';
  if (type.includes('Role')) return 'role:demo:reader';
  return type.includes('Key') ? 'api_key:0a1b2c3d' : 'user:demo:ana';
}

const outcomes: Readonly<Record<string, string>> = { a: 'waiting', b: 'lost', c: 'failed' };
const waits: Readonly<Record<string, readonly string[]>> = {
  ...{ a: ['signal', 'tool'], b: ['child', 'agent'], c: ['model', 'tool'] },
};

/** Changes the fields of a record of a job: few runs, types, names and kinds. */
function meetInJob(type: RecordName, data: Record<string, unknown>, id: string): void {
  if (!('jobId' in data) && type !== 'JobType') return;
  for (const field of ['type', 'name', 'signal', 'childId', 'callId']) if (field in data) data[field] = id;
  if ('generation' in data) data['generation'] = id === 'c' ? 2 : 1;
  if ('nth' in data) data['nth'] = 1;
  if ('path' in data) data['path'] = '';
  if (type === 'EndJobRun') data['outcome'] = outcomes[id];
  if (type === 'RecordJobWait' || type === 'JobWaiting') {
    const wait = data['wait'] as Readonly<Record<string, unknown>>;
    const named = { path: '', name: id, nth: 1, signal: id, childType: id, request: '{"prompt":"?"}' };
    data['wait'] = {
      ...wait,
      ...named,
      kind: wait['until'] === null ? waits[id]?.[wait['signal'] === null ? 0 : 1] : 'sleep',
    };
  }
}

const overlaps: Readonly<Record<string, string>> = { a: 'buffer_all', b: 'allow_all', c: 'cancel_other' };
const MINUTE_MS = 60_000;

/** Changes the fields of a record of a schedule: few definitions, due times and jobs. */
function meetInSchedule(data: Record<string, unknown>, id: string): void {
  if (!('scheduleId' in data) || 'depth' in data) return;
  data['scheduleId'] = `${HOME.tenantId}/${KEY}`;
  if ('dueAt' in data && id !== 'c') data['dueAt'] = (Math.floor(someMeta.timeMs / MINUTE_MS) + 1) * MINUTE_MS;
  if (!('spec' in data) || !('paused' in data)) return;
  const { job } = data['spec'] as { readonly job: Readonly<Record<string, unknown>> };
  data['spec'] = {
    ...{ job: { ...job, deadlineMs: null }, intervalMs: id === 'b' ? null : MINUTE_MS, anchor: 0, timeZone: 'UTC' },
    ...{ cron: id === 'b' ? '* * * * *' : null, overlap: overlaps[id], catchUpMs: MINUTE_MS, jitterMs: 0 },
    ...{ startsAt: null, endsAt: null, maxRuns: null, note: '' },
  };
}

const effects: Readonly<Record<string, string>> = { a: 'read', b: 'write', c: 'irreversible' };

/** Changes the fields of a record of a tool: one tool, one call, few manifests. */
function meetInTool(data: Record<string, unknown>, id: string): void {
  if ('toolId' in data) data['toolId'] = `${HOME.tenantId}/${KEY}`;
  else if (!('walls' in data)) return;
  if ('callId' in data) data['callId'] = KEY;
  if ('envelope' in data) data['envelope'] = envelopeOf({ name: KEY, version: id, effect: effects[id] ?? '' });
  if ('status' in data) data['status'] = { a: 'active', b: 'quarantined' }[id] ?? 'removed';
  if ('code' in data && 'walls' in data && id === 'b') data['code'] = 'TOOL_DEFINITION_CHANGED';
  if ('purpose' in data) data['purpose'] = { a: 'call', b: 'check' }[id] ?? 'connect';
  if ('costMax' in data) data['costMax'] = '0.000000000';
}

/** Changes the fields of a record of an agent's run: one run, few requests and calls, one tool. */
function meetInAgent(type: RecordName, data: Record<string, unknown>, id: string): void {
  if ('origin' in data && id === 'c') Object.assign(data, { origin: 'agents', requestId: `${KEY}/1` });
  if (type === 'SlmCompleted' && id === 'c')
    data['toolCalls'] = [KEY, handoffTool.modelName].map((name) => ({ id: '', name, arguments: '{"prompt":"?"}' }));
  if (!('runId' in data)) return;
  if (data['runId'] !== null || id === 'b') data['runId'] = KEY;
  if ('callId' in data) data['callId'] = agentCallId(KEY, 1, id === 'a' ? 0 : 1);
  if ('step' in data) data['step'] = 1;
  if (type === 'AskAgentModel' || type === 'RunAgentProgram') data['callId'] = `${KEY}/1`;
  if (['AgentStepStarted', 'AgentStepCompleted', 'ProgramSegmentEnded'].includes(type)) data['requestId'] = `${KEY}/1`;
  if ('program' in data) data['program'] = id === 'b' ? 'lookup()' : null;
  if (type === 'ProgramSegmentEnded') {
    data['outcome'] = { a: 'paused', b: 'completed' }[id] ?? 'failed';
    Object.assign(data, { function: KEY, value: '1' });
  }
  if ('outputSchema' in data) data['outputSchema'] = id === 'c' ? '{"type":"object"}' : null;
  if ('limits' in data && 'tools' in data) {
    data['limits'] = { steps: 3, tokens: null, cost: null, wallMs: 60_000, identicalCalls: 2 };
    const tool = { name: KEY, modelName: KEY, digest: 'd', description: '', parameters: '{}' };
    data['tools'] = [handoffTool, { ...tool, costMax: '0.000000000', effect: 'read' }];
  }
  if ('deadline' in data) data['deadline'] = someMeta.timeMs + MINUTE_MS;
}

/** Changes the fields of a record of a capsule: one capsule, one install, few manifests. */
function meetInCapsule(type: RecordName, data: Record<string, unknown>, id: string): void {
  if ('capsuleId' in data) data['capsuleId'] = `${HOME.tenantId}/${KEY}@1.0.0`;
  if ('installId' in data) data['installId'] = `${HOME.tenantId}/${KEY}`;
  if (!('capsuleId' in data)) return;
  if ('envelope' in data) data['envelope'] = capsuleEnvelopeOf({ publisher: HOME.tenantId, name: KEY }, `d${id}`);
  if ('status' in data && 'reviews' in data) data['status'] = { a: 'listed', b: 'revoked' }[id] ?? 'submitted';
  if ('attestations' in data) data['attestations'] = id === 'c' ? ['no statement'] : [];
  if ('outcome' in data) data['outcome'] = id === 'b' ? 'reject' : 'approve';
  if ('asks' in data) data['asks'] = ['x:*'];
  if ('granted' in data) data['granted'] = type === 'UpgradeCapsule' && id === 'b' ? null : ['x:y'];
}

/** Changes the fields of a record of a template: one template, few versions. */
function meetInTemplate(data: Record<string, unknown>, id: string): void {
  if (!('templateId' in data)) return;
  data['templateId'] = `${HOME.tenantId}/tests.${KEY}`;
  if (!('workflow' in data)) return;
  data['workflow'] = JSON.stringify({ document: { namespace: 'tests', name: KEY, version: id } });
  data['installId'] = null;
}

/** The record with ids that meet others: one key, few turns. All else is as wild as its schema allows. */
function meeting(record: AnyRecord, id: string): AnyRecord {
  const data: Record<string, unknown> = { ...record.data };
  for (const field of ['sessionId', 'subjectId', 'jobId']) if (field in data) data[field] = KEY;
  for (const [field, value] of Object.entries(HOME)) if (field in data) data[field] = value;
  for (const field of ['turnId', 'requestId']) if (field in data && data[field] !== null) data[field] = id;
  meetInJob(record.type, data, id);
  meetInSchedule(data, id);
  meetInTool(data, id);
  meetInAgent(record.type, data, id);
  meetInCapsule(record.type, data, id);
  meetInTemplate(data, id);
  // One memory, in few spaces.
  if ('memoryId' in data) data['memoryId'] = KEY;
  if ('space' in data) data['space'] = id === 'c' ? 'other' : 'shared';
  // Of a constitution. That of a tenant, or of what a tenant has, counts changes.
  if (typeof data['version'] === 'string') data['version'] = id;
  if ('digest' in data && data['digest'] !== null) data['digest'] = `d${id}`;
  if (typeof data['workflow'] === 'string') data['digest'] = sha256(data['workflow']);
  if ('document' in data) data['document'] = JSON.stringify({ version: id });
  if ('signature' in data) data['signature'] = GOOD;
  if ('scope' in data) data['scope'] = 'global';
  if ('entryId' in data) data['entryId'] = entryOf(record.type);
  if ('expectedVersion' in data && id !== 'c') data['expectedVersion'] = id === 'a' ? null : 0;
  // One golden set; its versions are numbers.
  if ('goldenSetId' in data) {
    data['goldenSetId'] = `${HOME.tenantId}/${KEY}`;
    if ('expectedVersion' in data) data['expectedVersion'] = { a: 0, b: 1 }[id] ?? 2;
  }
  if ('capabilities' in data && id !== 'c') data['capabilities'] = ['*'];
  if ('command' in data) data['command'] = meeting(data['command'] as AnyRecord, id);
  const home = topicOf(record.type).records as Readonly<Record<string, string>>;
  const keyField = home[record.type] ?? '';
  if (data[keyField] === '') data[keyField] = KEY;
  return { type: record.type, data } as unknown as AnyRecord;
}

const recordsOf = (names: readonly RecordName[]): fc.Arbitrary<AnyRecord> =>
  fc
    .tuple(fc.constantFrom(...names).chain(recordOf), fc.constantFrom('a', 'b', 'c'))
    .map(([record, id]) => meeting(record, id));

const metaOf = (record: AnyRecord, at: number): Meta => ({
  ...someMeta,
  id: `00000000-0000-5000-8000-${at.toString(16).padStart(12, '0')}`,
  type: record.type,
  key: keyOf(record),
  topic: topicOf(record.type).name,
  offset: at,
  value: codec.encode(record),
});

const throughJson = (state: unknown): unknown => (state === undefined ? undefined : JSON.parse(JSON.stringify(state)));

/** A processor, its tables after the given records, and its input. */
const life = (processor: Processor) =>
  fc.record({
    tables: fc.array(
      recordsOf(namesIn([...Object.values(processor.tables).map(({ topic }) => topic), ...processor.inputs])),
      { maxLength: 8 },
    ),
    inputs: fc.array(recordsOf(namesIn(processor.inputs)), { maxLength: 30 }),
  });

function tablesAfter(processor: Processor, records: readonly AnyRecord[]): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(processor.tables).map(([name, { topic, initial, evolve }]) => [
      name,
      records
        .filter(({ type }) => type in topic.records)
        .reduce((value, record, at) => evolve(value, record, metaOf(record, at)), initial),
    ]),
  );
}

/** Decides on any input in any state that its input can bring about. */
export function decidesOnAnyInput(processor: Processor): void {
  fc.assert(
    fc.property(life(processor), ({ tables, inputs }) => {
      const values = tablesAfter(processor, tables);
      let state: unknown = processor.initial;
      for (const [at, record] of inputs.entries()) {
        const meta = metaOf(record, at);
        if (processor.key(record, meta) === null) continue;
        const { emitted, state: next } = step(processor, state, record, meta, values);
        for (const out of emitted) expect(codec.decode(codec.encode(out.record))).toEqual(out.record);
        expect(throughJson(next)).toStrictEqual(next);
        expect(typeof processor.finished(next)).toBe('boolean');
        // Throws when a timer is of another key or of no time.
        timersOf(processor, meta.key, next, NO_TIMERS, meta);
        state = next;
      }
    }),
    { numRuns: 60 },
  );
}

/** Decides the same on the same input, and changes nothing that it was given. */
export function decidesAlike(processor: Processor): void {
  fc.assert(
    fc.property(life(processor), ({ tables, inputs }) => {
      const values = tablesAfter(processor, tables);
      const play = (): unknown[] => {
        let state: unknown = processor.initial;
        return inputs.flatMap((record, at) => {
          const meta = metaOf(record, at);
          if (processor.key(record, meta) === null) return [];
          const { emitted, state: next } = step(processor, state, record, meta, values);
          state = next;
          return [...emitted, throughJson(next)];
        });
      };
      const before = structuredClone({ inputs, initial: processor.initial });
      expect(play()).toEqual(play());
      expect({ inputs, initial: processor.initial }).toEqual(before);
    }),
    { numRuns: 30 },
  );
}

/** Its state is JSON, and the fold of any events of its journal in any order. */
export function foldsAnyJournal(processor: Processor): void {
  const journal = journalOf(processor);
  const events = fc.array(recordsOf(namesIn(journal === null ? [] : [journal])), { maxLength: 60 });
  fc.assert(
    fc.property(events, (history) => {
      let state: unknown = processor.initial;
      for (const event of history) {
        state = processor.evolve(state, event);
        expect(throughJson(state)).toStrictEqual(state);
      }
      // A state that went through JSON evolves to the same: a restore changes nothing.
      const restored = history.reduce((kept, event) => throughJson(processor.evolve(kept, event)), processor.initial);
      expect(restored).toStrictEqual(state);
    }),
    { numRuns: 60 },
  );
}

/** Its state after any input is the fold of the events that it put out. */
export function foldsItsOutput(processor: Processor): void {
  const journal = journalOf(processor)?.name;
  fc.assert(
    fc.property(life(processor), ({ tables, inputs }) => {
      const values = tablesAfter(processor, tables);
      let state: unknown = processor.initial;
      const events: AnyRecord[] = [];
      for (const [at, record] of inputs.entries()) {
        const meta = metaOf(record, at);
        if (processor.key(record, meta) === null) continue;
        const after = step(processor, state, record, meta, values);
        events.push(...after.emitted.filter(({ topic }) => topic === journal).map((out) => out.record));
        state = after.state;
      }
      expect(events.reduce((kept, event) => processor.evolve(kept, event), processor.initial)).toStrictEqual(state);
    }),
    { numRuns: 40 },
  );
}
