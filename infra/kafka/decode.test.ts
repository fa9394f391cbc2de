import { describe, expect, it } from 'vitest';
import { UndecodableError } from '../../schemas/codec.ts';
import { schemas } from '../../schemas/generated/schemas.ts';
import { topics } from '../../schemas/topics.ts';
import { RecordDecoder } from './decode.ts';
import { EnvelopeError, metaOf } from './envelope.ts';
import type { LogRecord, OutgoingRecord } from './log.ts';
import { ask, command, localDecoder } from './runner/testing.ts';

const names = { name: 'n', input: topics.inferenceCommands, state: topics.sessionsState };
const sent = (): OutgoingRecord => command(names, localDecoder(), ask('key', 'prompt'), 'key');
const stored = (record: OutgoingRecord = sent()): LogRecord => ({ ...record, partition: 1, offset: 2, timestampMs: 3 });

/** The record as a writer wrote it whose schema has an id of its own. */
const foreign = (id: number): LogRecord => {
  const record = stored();
  record.value?.writeInt32BE(id, 1);
  return record;
};

describe('the decoder', () => {
  it('gives back what was written, with its envelope', async () => {
    const record = stored();
    const decoded = await localDecoder().decode(record);
    expect(decoded.record).toEqual(ask('key', 'prompt'));
    expect(decoded.meta).toMatchObject({
      ...{ id: record.headers['ce_id'], type: 'InferText', key: 'key', tenantId: 't', timeMs: 1_000 },
      ...{ topic: 'inference.commands', partition: 1, offset: 2 },
    });
    expect(decoded.meta.value).toBe(record.value);
  });

  it('asks for a schema it never met once, and not again', async () => {
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

  it('says that a record never will decode whose schema is no record of ours or does not read as it', async () => {
    const incompatible = JSON.stringify({
      ...{ type: 'record', name: 'InferText', namespace: 'khipu.inference' },
      fields: [{ name: 'something_else', type: 'int' }],
    });
    for (const schema of ['{"type":"record","name":"Other","namespace":"x","fields":[]}', incompatible, '"string"']) {
      const decoder = new RecordDecoder(localDecoder().codec, async () => schema);
      await expect(decoder.decode(foreign(900))).rejects.toBeInstanceOf(UndecodableError);
    }
  });

  it('passes on that the registry is away: that is no fault of the record', async () => {
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

  it('stands in for what the first of a chain need not carry', () => {
    const { ce_correlationid, ce_causationid, traceparent, ...headers } = sent().headers;
    const meta = metaOf({ ...stored(), headers, key: null });
    expect([ce_correlationid, ce_causationid, traceparent].every(Boolean)).toBe(true);
    expect([meta.correlationId, meta.causationId, meta.key]).toEqual([meta.id, meta.id, '']);
    expect(meta.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  });

  it('is refused without what every record of ours has', () => {
    for (const name of ['ce_id', 'ce_type', 'ce_time', 'ce_tenantid']) {
      const record = stored();
      expect(() => metaOf({ ...record, headers: { ...record.headers, [name]: '' } })).toThrow(EnvelopeError);
    }
    expect(() => metaOf({ ...stored(), value: null })).toThrow(EnvelopeError);
  });
});
