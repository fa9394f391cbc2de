import { COMPATIBILITY, SchemaRegistry, SchemaType } from '@kafkajs/confluent-schema-registry';
import { RecordCodec, UndecodableError } from '../../schemas/codec.ts';
import { fullNames, type RecordName } from '../../schemas/generated/records.ts';
import { schemas } from '../../schemas/generated/schemas.ts';
import { allTopics, type TopicKind } from '../../schemas/topics.ts';
import { messageOf } from './errors.ts';

/** The registry is away, or refuses a schema of ours (`SCHEMA_INCOMPATIBLE`: the contract gate would have said so). */
export class RegistryError extends Error {
  override readonly name = 'RegistryError';
  readonly code: 'REGISTRY_UNAVAILABLE' | 'SCHEMA_INCOMPATIBLE';
  constructor(code: RegistryError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Events are replayed for ever, so both ways and over all versions; commands only need new readers for old records. */
const compatibilityOf: Readonly<Record<TopicKind, COMPATIBILITY>> = {
  events: COMPATIBILITY.FULL_TRANSITIVE,
  decisions: COMPATIBILITY.FULL_TRANSITIVE,
  state: COMPATIBILITY.FULL_TRANSITIVE,
  commands: COMPATIBILITY.BACKWARD_TRANSITIVE,
};

/** TopicRecordName: one subject a record and topic, so that a topic may hold several records. */
export const subjectOf = (topic: string, record: RecordName): string => `${topic}-${fullNames[record]}`;

export interface Registry {
  readonly codec: RecordCodec;
  lookup(schemaId: number): Promise<string>;
}

const REQUESTS_AT_ONCE = 8;

export const registryClient = (url: string): SchemaRegistry =>
  new SchemaRegistry({ host: url, retry: { maxRetryTimeInSecs: 2, initialRetryTimeInSecs: 0.1, retries: 4 } });

/**
 * A codec that knows the ids of every schema. One that is not registered yet is registered now, so a role of a new version
 * may start before anybody ran `khipu setup`; the registry refuses what breaks the subject's compatibility.
 * Rejects with RegistryError.
 */
export async function openRegistry(url: string): Promise<Registry> {
  const client = registryClient(url);
  const queue = allTopics.flatMap((topic) =>
    (Object.keys(topic.records) as RecordName[]).map((record) => ({ topic, record })),
  );
  const ids = new Map<RecordName, number>();
  const learnIds = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift())
      ids.set(
        next.record,
        await idOf(client, subjectOf(next.topic.name, next.record), next.record, compatibilityOf[next.topic.kind]),
      );
  };
  await Promise.all(Array.from({ length: REQUESTS_AT_ONCE }, learnIds));
  return {
    codec: new RecordCodec(ids),
    lookup: async (schemaId) => {
      try {
        const found = (await client.getSchema(schemaId)) as unknown as { schema?: unknown; toJSON?: () => unknown };
        return JSON.stringify(found.toJSON?.() ?? found.schema ?? found);
      } catch (error) {
        if (/404|not found|does not exist|no (schema|content)/i.test(messageOf(error)))
          throw new UndecodableError('RECORD_UNKNOWN', `the registry has no schema ${schemaId}`, { cause: error });
        throw new RegistryError('REGISTRY_UNAVAILABLE', `schema ${schemaId}: ${messageOf(error)}`, { cause: error });
      }
    },
  };
}

async function idOf(
  client: SchemaRegistry,
  subject: string,
  record: RecordName,
  compatibility: COMPATIBILITY,
): Promise<number> {
  const schema = { type: SchemaType.AVRO, schema: schemas[record] } as const;
  try {
    const known = await client.getRegistryIdBySchema(subject, schema).catch(() => null);
    return known ?? (await client.register(schema, { subject, compatibility })).id;
  } catch (error) {
    const refused = /incompatible|conflict|409/i.test(messageOf(error));
    throw new RegistryError(
      refused ? 'SCHEMA_INCOMPATIBLE' : 'REGISTRY_UNAVAILABLE',
      `${subject}: ${messageOf(error)}`,
      { cause: error },
    );
  }
}
