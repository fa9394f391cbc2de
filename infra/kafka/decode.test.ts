import { describe, expect, it } from 'vitest';
import { type RecordCodec, UndecodableError, UnknownSchemaError } from '../../schemas/codec.ts';
import { schemas } from '../../schemas/generated/schemas.ts';
import { topics } from '../../schemas/topics.ts';
import { ask, command, localDecoder } from '../runner/testing/processors.ts';
import { RecordDecoder } from './decode.ts';
import { EnvelopeError, metaOf } from './envelope.ts';
import type { LogRecord, OutgoingRecord } from './port.ts';

const names = { name: 'n', input: topics.inferenceCommands, state: topics.sessionsState };
const sent = (): OutgoingRecord => command(names, localDecoder(), ask('key', 'prompt'), 'key');
const stored = (record: OutgoingRecord = sent()): LogRecord => ({ ...record, partition: 1, offset: 2, timestampMs: 3 });

/** A record whose writer registered its schema under the given id. */
const foreign = (id: number): LogRecord => {
  const record = stored();
  record.value?.writeInt32BE(id, 1);
  return record;
};

describe('the decoder', () => {
  it('returns the record that was written, with its envelope', async () => {
    const record = stored();
    const decoded = await localDecoder().decode(record);
    expect(decoded.record).toEqual(ask('key', 'prompt'));
    expect(decoded.meta).toMatchObject({
      ...{ id: record.headers['ce_id'], type: 'InferText', key: 'key', tenantId: 't', timeMs: 1_000 },
      ...{ topic: 'inference.commands', partition: 1, offset: 2 },
    });
    expect(decoded.meta.value).toBe(record.value);
  });

  it('looks up an unknown schema once', async () => {
    let lookups = 0;
    const decoder = new RecordDecoder(localDecoder().codec, async () => {
      lookups += 1;
      return schemas.InferText;
    });
    for (let time = 0; time < 3; time += 1)
      expect((await decoder.decode(foreign(900))).record).toEqual(ask('key', 'prompt'));
    expect(lookups).toBe(1);
    expect(decoder.decodeSync(foreign(900)).record).toEqual(ask('key', 'prompt'));
  });

  it('rejects a record as undecodable when its schema is unknown or incompatible', async () => {
    const incompatible = JSON.stringify({
      ...{ type: 'record', name: 'InferText', namespace: 'khipu.inference' },
      fields: [{ name: 'something_else', type: 'int' }],
    });
    for (const schema of ['{"type":"record","name":"Other","namespace":"x","fields":[]}', incompatible, '"string"']) {
      const decoder = new RecordDecoder(localDecoder().codec, async () => schema);
      await expect(decoder.decode(foreign(900))).rejects.toBeInstanceOf(UndecodableError);
    }
  });

  it('names the reason when a schema is incompatible or unknown', async () => {
    const wrong = async (schema: string): Promise<UndecodableError> => {
      const decoder = new RecordDecoder(localDecoder().codec, async () => schema);
      return decoder.decode(foreign(900)).catch((error: unknown) => error) as Promise<UndecodableError>;
    };
    const other = await wrong('{"type":"record","name":"Other","namespace":"x","fields":[]}');
    expect([other.code, other.cause]).toEqual(['RECORD_UNKNOWN', undefined]);
    const unreadable = await wrong('no schema');
    expect(unreadable).toMatchObject({
      code: 'RECORD_UNKNOWN',
      message: 'schema 900 cannot be read as the current schema',
    });
    expect(unreadable.cause).toBeInstanceOf(Error);
  });

  it('rejects a value whose record differs from the type in its envelope', () => {
    const record = stored();
    const headers = { ...record.headers, ce_type: 'khipu.inference.EmbedText' };
    expect(() => localDecoder().decodeSync({ ...record, headers })).toThrow(
      'ce_type is EmbedText, but the schema is InferText',
    );
  });

  it('rejects a value that names one unknown schema after another', async () => {
    let asked = 0;
    const codec = {
      decode: () => {
        throw new UnknownSchemaError(asked);
      },
      learn: () => undefined,
    } as unknown as RecordCodec;
    const decoder = new RecordDecoder(codec, async () => {
      asked += 1;
      return '{}';
    });
    const error = await decoder.decode(stored()).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'RECORD_UNKNOWN', message: expect.stringContaining('nests more unknown') });
    expect(asked).toBe(4);
  });

  it('passes on a failure of the registry, which is not the fault of the record', async () => {
    const decoder = new RecordDecoder(localDecoder().codec, () => Promise.reject(new Error('away')));
    await expect(decoder.decode(foreign(900))).rejects.toThrow('away');
  });
});

describe('the envelope', () => {
  it('is CloudEvents in binary mode', () => {
    expect(sent().headers).toMatchObject({
      ...{ ce_specversion: '1.0', ce_type: 'khipu.inference.InferText', ce_source: 'test', ce_subject: 'key' },
      ...{ ce_time: '1970-01-01T00:00:01.000Z', ce_tenantid: 't', 'content-type': 'application/avro' },
    });
  });

  it('supplies defaults for attributes that the first record of a chain may omit', () => {
    const { ce_correlationid, ce_causationid, traceparent, ...headers } = sent().headers;
    const meta = metaOf({ ...stored(), headers, key: null });
    expect([ce_correlationid, ce_causationid, traceparent].every(Boolean)).toBe(true);
    expect([meta.correlationId, meta.causationId, meta.key]).toEqual([meta.id, meta.id, '']);
    expect(meta.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  });

  it('is rejected when a required header or the value is missing', () => {
    for (const name of ['ce_id', 'ce_type', 'ce_time', 'ce_tenantid']) {
      const record = stored();
      expect(() => metaOf({ ...record, headers: { ...record.headers, [name]: '' } })).toThrow(EnvelopeError);
    }
    expect(() => metaOf({ ...stored(), value: null })).toThrow('the record has no value');
  });

  const refusal = (headers: Readonly<Record<string, string>>): EnvelopeError | null => {
    const record = stored();
    try {
      metaOf({ ...record, headers: { ...record.headers, ...headers } });
      return null;
    } catch (error) {
      return error as EnvelopeError;
    }
  };

  it('names the wrong header, and shows the start of its value', () => {
    expect(refusal({ ce_tenantid: '' })).toMatchObject({
      code: 'ENVELOPE_INVALID',
      message: 'header ce_tenantid is missing',
    });
    expect(refusal({ ce_type: 'other' })?.message).toBe('ce_type "other" is not a known record');
    expect(refusal({ ce_time: 'now' })?.message).toBe('ce_time "now" is not an RFC 3339 time');
    expect(refusal({ ce_id: `x${'y'.repeat(80)}` })?.message).toBe(`ce_id "x${'y'.repeat(59)}" is not a UUID`);
  });

  const uuid = '0190a3b4-5c6d-7e8f-9a0b-1c2d3e4f5a6b';

  it.each([`x${uuid}`, `${uuid}x`, uuid.replaceAll('-', ''), uuid.replace('a', 'g')])('rejects the id %s', (ce_id) => {
    expect(refusal({ ce_id })?.code).toBe('ENVELOPE_INVALID');
  });

  it('accepts an id in capital letters', () => {
    expect(refusal({ ce_id: uuid.toUpperCase() })).toBeNull();
  });

  it.each([
    'x2026-01-02T03:04:05Z',
    '2026-01-02T03:04:05Zx',
    '2026-01-02T03:04:05',
    '2026-01-02 03:04:05Z',
    '2026-01-02T03:04:05.Z',
    '2026-01-02T03:04:05+0100',
    '2026-01-02T03:04:05+1:00',
    '2026-01-02T03:04:05+01:0',
    '26-01-02T03:04:05Z',
    '2026-13-02T03:04:05Z',
  ])('rejects the time %s', (ce_time) => {
    expect(refusal({ ce_time })?.code).toBe('ENVELOPE_INVALID');
  });

  it.each([
    ['2026-01-02T03:04:05z', Date.UTC(2026, 0, 2, 3, 4, 5)],
    ['2026-01-02T03:04:05.1234Z', Date.UTC(2026, 0, 2, 3, 4, 5, 123)],
    ['2026-01-02T03:04:05+01:30', Date.UTC(2026, 0, 2, 1, 34, 5)],
    ['2026-01-02T03:04:05-01:30', Date.UTC(2026, 0, 2, 4, 34, 5)],
    ['1970-01-01T00:00:00.000Z', 0],
  ])('accepts the time %s', (ce_time, timeMs) => {
    const record = stored();
    expect(metaOf({ ...record, headers: { ...record.headers, ce_time } }).timeMs).toBe(timeMs);
  });

  it('derives a missing trace from the id of the record', () => {
    const record = stored();
    const { traceparent: _, ...others } = record.headers;
    const headers = { ...others, ce_id: uuid };
    expect(metaOf({ ...record, headers }).traceparent).toBe('00-0190a3b45c6d7e8f9a0b1c2d3e4f5a6b-0190a3b45c6d7e8f-01');
  });
});
