import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecordCodec, UndecodableError, UnknownSchemaError } from './codec.ts';
import { continuedTurn } from './contexts/slm/messages.ts';
import {
  policyDecided,
  type RecordName,
  startSession,
  tenant,
  turnCompleted,
  turnDelta,
  turnRefused,
} from './generated/records.ts';
import { schemas } from './generated/schemas.ts';
import { anyRecord, recordNames, recordOf } from './testing.ts';

const ids = new Map(recordNames.map((name, index) => [name, index + 1] as const));
const codec = new RecordCodec(ids);
const idOf = (name: RecordName): number => ids.get(name) ?? 0;

const start = startSession({
  sessionId: 's-1',
  principal: 'key-1',
  persona: 'guide',
  capabilities: ['slm:invoke:*'],
  model: null,
  metadata: { team: 'risk' },
  turnId: 't-1',
  prompt: '¿Qué es un khipu? 🪢',
  maxTokens: 64,
  requestDigest: 'ab',
  labels: [],
  ...continuedTurn,
});
const decision = {
  decisionId: 'd-1',
  outcome: 'allow',
  score: 0.97,
  threshold: 0.75,
  reasons: ['PERMITTED'],
  clauses: ['score'],
  constitutionVersion: '1.0.0',
  constitutionDigest: 'cd',
} as const;
const decided = policyDecided({
  subjectId: 's-1',
  commandId: 'c-1',
  commandType: 'khipu.sessions.StartSession',
  command: start,
  decision,
  features: [{ name: 'prompt_safety', value: 1, weight: 1 }],
  principal: 'key-1',
  evaluatorVersion: 'test/1',
  budget: null,
  labels: [],
  history: null,
  engine: null,
  moderation: null,
  persona: null,
  classifier: null,
  findings: [],
  flow: [],
  approval: null,
});

describe('RecordCodec', () => {
  it.each(recordNames)('decodes what it encodes: any %s', (name) => {
    fc.assert(
      fc.property(recordOf(name), (record) => {
        expect(codec.decode(codec.encode(record))).toEqual(record);
      }),
      { numRuns: 60 },
    );
  });

  it('encodes the same record to the same bytes', () => {
    fc.assert(
      fc.property(anyRecord(), (record) => {
        const bytes = codec.encode(record);
        expect(codec.encode(codec.decode(bytes)).equals(bytes)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('frames values like Confluent clients: a zero byte and the schema id in four bytes', () => {
    const bytes = codec.encode(start);
    expect(bytes.readUInt8(0)).toBe(0);
    expect(bytes.readInt32BE(1)).toBe(idOf('StartSession'));
  });

  it('carries a command in its own framing, byte for byte', () => {
    expect(codec.encode(decided).includes(codec.encode(start))).toBe(true);
    expect(codec.decode(codec.encode(decided))).toEqual(decided);
  });

  it('decodes a Uint8Array that is a view into a larger buffer', () => {
    const bytes = codec.encode(start);
    const larger = new Uint8Array(bytes.length + 8);
    larger.set(bytes, 4);
    expect(codec.decode(larger.subarray(4, 4 + bytes.length))).toEqual(start);
  });

  it('throws for a record whose schema is not registered', () => {
    expect(() => new RecordCodec(new Map()).encode(start)).toThrow('StartSession has no schema id');
  });

  it.each([
    ['no framing', Buffer.from('hello world'), 'BYTES_NOT_FRAMED'],
    ['too few bytes', Buffer.from([0, 0]), 'BYTES_NOT_FRAMED'],
    ['a body that was cut', codec.encode(start).subarray(0, 12), 'BYTES_NOT_AVRO'],
    ['bytes behind the body', Buffer.concat([codec.encode(start), Buffer.from([1])]), 'BYTES_NOT_AVRO'],
  ])('refuses %s permanently', (_, bytes, code) => {
    expect(() => codec.decode(bytes)).toThrow(expect.objectContaining({ name: 'Error', code }));
    expect(() => codec.decode(bytes)).toThrow(UndecodableError);
  });
});

/** Returns the schema of a record with changed fields, as an older or newer release wrote it. */
function rewritten(name: RecordName, change: (fields: { name: string }[]) => object[]): string {
  const schema = JSON.parse(schemas[name]) as { fields: { name: string }[] };
  return JSON.stringify({ ...schema, fields: change(schema.fields) });
}
/** Returns the bytes of a writer with another schema, as the codec of that release would write them. */
const withId = (bytes: Buffer, id: number): Buffer => {
  const copy = Buffer.from(bytes);
  copy.writeInt32BE(id, 1);
  return copy;
};

describe('schema evolution', () => {
  it('reports an unknown schema, and decodes it once learned', () => {
    const bytes = withId(codec.encode(start), 900);
    const fresh = new RecordCodec(ids);
    expect(() => fresh.decode(bytes)).toThrow(expect.objectContaining({ code: 'SCHEMA_UNKNOWN', schemaId: 900 }));
    expect(() => fresh.decode(bytes)).toThrow(UnknownSchemaError);
    fresh.learn(900, schemas.StartSession);
    expect(fresh.decode(bytes)).toEqual(start);
  });

  it('skips a field that only the writer has', () => {
    const delta = turnDelta({ sessionId: 's', turnId: 't', turnSequence: 1, attempt: 1, start: 0, text: 'a' });
    const newer = rewritten('TurnDelta', (fields) => [...fields, { name: 'mood', type: 'string' } as { name: string }]);
    const reader = new RecordCodec(ids);
    reader.learn(901, newer);
    const bytes = Buffer.concat([withId(codec.encode(delta), 901), Buffer.from([6, 0x61, 0x62, 0x63])]);
    expect(reader.decode(bytes)).toEqual(delta);
  });

  it('takes the default of a field that the writer did not have', () => {
    const older = rewritten('StartSession', (fields) => fields.filter(({ name }) => name !== 'model'));
    const reader = new RecordCodec(ids);
    reader.learn(902, older);
    // `model` is null, which is one byte: the index of the union's branch, directly after the capabilities.
    const bytes = codec.encode(start);
    const at = bytes.indexOf('slm:invoke:*') + 'slm:invoke:*'.length + 1;
    expect(bytes.readUInt8(at)).toBe(0);
    const without = withId(Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]), 902);
    expect(reader.decode(without)).toEqual(start);
  });

  it('reads decimals of another writer', () => {
    const reader = new RecordCodec(ids);
    reader.learn(903, schemas.SlmMetered);
    fc.assert(
      fc.property(recordOf('SlmMetered'), (record) => {
        expect(reader.decode(withId(codec.encode(record), 903))).toEqual(record);
      }),
      { numRuns: 20 },
    );
  });

  /** A writer with an unknown second symbol of an enum; our codec writes that symbol in its place. */
  const withNewSymbol = (name: RecordName, symbols: readonly string[]): string => {
    const [first, ...others] = symbols;
    const was = JSON.stringify(symbols);
    expect(schemas[name]).toContain(was);
    return schemas[name].replace(was, JSON.stringify([first, 'brand_new', ...others]));
  };

  it('takes the default of an enum for a symbol that only the writer knows', () => {
    const reader = new RecordCodec(ids);
    reader.learn(905, withNewSymbol('TurnCompleted', ['stop', 'length', 'other', 'tool_calls']));
    const completed = {
      sessionId: 's',
      turnId: 't',
      sequence: 1,
      attempt: 1,
      text: '',
      modelId: 'm',
      latencyMs: 1,
      cost: null,
      toolCalls: [],
    };
    const bytes = codec.encode(
      turnCompleted({
        moderation: null,
        recalled: null,
        ...completed,
        finishReason: 'length',
        tokensConsumed: { prompt: 1, completion: 1 },
      }),
    );
    expect(reader.decode(withId(bytes, 905)).data).toMatchObject({ ...completed, finishReason: 'other' });
  });

  it('takes it in nested types too: in a list, and in a nullable field', () => {
    const reader = new RecordCodec(ids);
    reader.learn(906, withNewSymbol('Tenant', ['session', 'day', 'total', 'unknown', 'credit']));
    const limit = { window: 'day', tokensMax: 1, costMax: null } as const;
    const settings = { models: ['*'], budgets: [limit], retentionDays: null, lane: 'interactive', weight: 1 } as const;
    const acme = tenant({ tenantId: 'acme', version: 1, name: 'Acme', status: 'active', settings });
    expect(reader.decode(withId(codec.encode(acme), 906)).data).toMatchObject({
      settings: { ...settings, budgets: [{ ...limit, window: 'unknown' }] },
    });

    reader.learn(907, withNewSymbol('PolicyDecided', ['unasked', 'allow', 'deny', 'unavailable', 'invalid']));
    const engine = { outcome: 'allow', reasons: [], engineDecisionId: null, detail: '', latencyMs: 1 } as const;
    const asked = policyDecided({ ...decided.data, engine });
    // An unknown answer of an engine is not a permission.
    expect(reader.decode(withId(codec.encode(asked), 907)).data).toMatchObject({ engine: { outcome: 'invalid' } });
  });

  it('refuses to learn a schema of another project', () => {
    const foreign = JSON.stringify({ type: 'record', namespace: 'org.other', name: 'Thing', fields: [] });
    expect(() => new RecordCodec(ids).learn(904, foreign)).toThrow(expect.objectContaining({ code: 'RECORD_UNKNOWN' }));
  });

  it('reports an unknown schema inside a decision, too', () => {
    const reader = new RecordCodec(new Map([['PolicyDecided', idOf('PolicyDecided')]]));
    expect(() => reader.decode(codec.encode(decided))).toThrow(UnknownSchemaError);
  });

  it('refuses data that violates the schema', () => {
    const wrong = turnRefused({
      sessionId: 's',
      turnId: 't',
      sequence: 1.5,
      code: 'X',
      detail: '',
      decision,
      shortfall: null,
    });
    expect(() => codec.encode(wrong)).toThrow();
  });
});
