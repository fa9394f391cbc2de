import { COMPATIBILITY, SchemaRegistry, SchemaType } from '@kafkajs/confluent-schema-registry';
import { RecordCodec, UndecodableError } from '../../schemas/codec.ts';
import { fullNames, type RecordName } from '../../schemas/generated/records.ts';
import { schemas } from '../../schemas/generated/schemas.ts';
import { allTopics, type Topic, type TopicKind } from '../../schemas/topics.ts';
import { codedError } from '../kit/coded-error.ts';
import { messageOf } from '../kit/errors.ts';
import { tlsFailureOf } from '../tls/tls-failure.ts';
import { targetOf } from '../tls/tls-url.ts';
import { registryAgent, registryRequest } from './registry-request.ts';

/**
 * The registry is unavailable, or it rejects a schema (`SCHEMA_INCOMPATIBLE`, which the contract gate reports earlier), or
 * this process does not trust its certificate, or it refuses that of this process.
 */
export class RegistryError extends codedError<
  'REGISTRY_UNAVAILABLE' | 'SCHEMA_INCOMPATIBLE' | 'REGISTRY_SERVER_UNTRUSTED' | 'REGISTRY_CERTIFICATE_REFUSED'
>('RegistryError') {}

const codesOfTls = {
  TLS_SERVER_UNTRUSTED: 'REGISTRY_SERVER_UNTRUSTED',
  TLS_CERTIFICATE_REFUSED: 'REGISTRY_CERTIFICATE_REFUSED',
} as const;

/** Returns the code of a failed request: why TLS failed, else `REGISTRY_UNAVAILABLE`. */
const codeOfFailure = (cause: unknown): RegistryError['code'] => {
  const refusal = tlsFailureOf(cause);
  return refusal === null ? 'REGISTRY_UNAVAILABLE' : codesOfTls[refusal];
};

/**
 * Events are replayed permanently, so they need compatibility both ways and over all versions; commands only need new
 * readers for old records.
 */
const compatibilityOf: Readonly<Record<TopicKind, COMPATIBILITY>> = {
  events: COMPATIBILITY.FULL_TRANSITIVE,
  decisions: COMPATIBILITY.FULL_TRANSITIVE,
  state: COMPATIBILITY.FULL_TRANSITIVE,
  commands: COMPATIBILITY.BACKWARD_TRANSITIVE,
};

/** Returns the subject by TopicRecordNameStrategy: one per record and topic, so that a topic can hold several records. */
export const subjectOf = (topic: string, record: RecordName): string => `${topic}-${fullNames[record]}`;

/** A codec with its schema ids, and the lookup of further ids. */
export interface Registry {
  readonly codec: RecordCodec;
  lookup(schemaId: number): Promise<string>;
}

const REQUESTS_AT_ONCE = 8;

/** Returns a client of the registry at `url`. */
export const registryClient = (url: string): SchemaRegistry =>
  new SchemaRegistry({
    host: targetOf(url).url,
    ...registryAgent(url),
    retry: { maxRetryTimeInSecs: 2, initialRetryTimeInSecs: 0.1, retries: 4 },
  });

/**
 * Opens a codec that knows the ids of the schemas of these topics, by default of all; records of others it learns to read by
 * `lookup`, and does not write. Schemas that are not registered yet are registered now, so a role of a new version can start
 * before `khipu setup` runs; the registry rejects a schema that breaks the subject's compatibility. Rejects with RegistryError.
 */
export async function openRegistry(
  url: string,
  topics: readonly Pick<Topic, 'name' | 'kind' | 'records'>[] = allTopics,
): Promise<Registry> {
  const client = registryClient(url);
  const queue = topics.flatMap((topic) =>
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
  await Promise.all(Array.from({ length: REQUESTS_AT_ONCE }, learnIds)).catch(async (error: unknown) => {
    throw await withReason(url, error);
  });
  return { codec: new RecordCodec(ids), lookup: (schemaId) => lookUp(url, schemaId) };
}

/** Returns an error with the code of why TLS fails, which the client library does not say; any other error unchanged. */
async function withReason(url: string, error: unknown): Promise<unknown> {
  if (!(error instanceof RegistryError) || error.code !== 'REGISTRY_UNAVAILABLE') return error;
  const cause = await registryRequest(url, 'subjects', LOOKUP_MS_MAX).then(
    () => null,
    (reason: unknown) => reason,
  );
  const code = codeOfFailure(cause);
  return code === 'REGISTRY_UNAVAILABLE' ? error : new RegistryError(code, messageOf(cause), { cause });
}

/** Returns a registry that only looks up schemas, and registers none. Its codec decodes, and cannot encode. */
export const readOnlyRegistry = (url: string): Registry => ({
  codec: new RecordCodec(new Map()),
  lookup: (schemaId) => lookUp(url, schemaId),
});

const LOOKUP_MS_MAX = 5_000;

/**
 * Returns the text of a schema as it was registered. The client library parses it, and loses namespaces, logical types and
 * defaults of enums: a record with a decimal could not be read. Rejects with RECORD_UNKNOWN for an unknown id, else with
 * REGISTRY_UNAVAILABLE. Source: Confluent Schema Registry API, `GET /schemas/ids/{id}`.
 */
async function lookUp(url: string, schemaId: number): Promise<string> {
  const unavailable = (detail: string, cause?: unknown) =>
    new RegistryError(codeOfFailure(cause), `schema ${schemaId}: ${detail}`, { cause });
  const { status, body } = await registryRequest(url, `schemas/ids/${schemaId}`, LOOKUP_MS_MAX).catch(
    (cause: unknown) => {
      throw unavailable(messageOf(cause), cause);
    },
  );
  if (status === 404) throw new UndecodableError('RECORD_UNKNOWN', `the registry has no schema ${schemaId}`);
  if (status < 200 || status > 299) throw unavailable(`the registry answered ${status}`);
  return (JSON.parse(body) as { schema: string }).schema;
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
    throw new RegistryError(refused ? 'SCHEMA_INCOMPATIBLE' : codeOfFailure(error), `${subject}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}
