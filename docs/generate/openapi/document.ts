import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { createGateway, gatewayNames, routesOf } from '../../../gateways/app.ts';
import type { ReadModel } from '../../../gateways/shared/read-model.ts';
import { declaredPlatform } from '../../../infra/bin/roles/declared-platform.ts';
import { createTopics } from '../../../infra/bin/setup/topics.ts';
import { loadConfig } from '../../../infra/config.ts';
import { RecordDecoder } from '../../../infra/kafka/decode.ts';
import { MemoryLog } from '../../../infra/kafka/memory/log.ts';
import { createLogger } from '../../../infra/kit/logger.ts';
import { ensureDevelopmentKeys } from '../../../infra/security/development-keys.ts';
import { loadKeys } from '../../../infra/security/load-keys.ts';
import type { ExpiringStore } from '../../../infra/stores/expiring/port.ts';
import type { SingleUseStore } from '../../../infra/stores/single-use/port.ts';
import { createLocalCodec } from '../../../streams/kernel/local-codec.ts';

/** A JSON schema of the document. */
export interface ApiSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, ApiSchema>>;
  readonly required?: readonly string[];
  readonly items?: ApiSchema;
  readonly additionalProperties?: ApiSchema | boolean;
  readonly anyOf?: readonly ApiSchema[];
  readonly oneOf?: readonly ApiSchema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
}

/** A parameter of an operation. */
export interface ApiParameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly description?: string;
  readonly example?: unknown;
  readonly schema: ApiSchema;
}

type Content = Readonly<Record<string, { readonly schema: ApiSchema; readonly example?: unknown }>>;

/** A response of an operation. */
export interface ApiResponse {
  readonly description: string;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly content?: Content;
}

/** An operation of the document. */
export interface ApiOperation {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters?: readonly ApiParameter[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, ApiResponse>>;
  /** Commands that the operation appends to the log. */
  readonly 'x-appends'?: readonly string[];
}

/** The members of an OpenAPI 3.1 document that the gateways use. */
export interface ApiDocument {
  readonly openapi: string;
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, ApiOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, ApiSchema>> };
}

/** Resolves with the OpenAPI document of all gateways. Composes them on a log in memory, and serves no request. */
export async function openApiDocument(): Promise<ApiDocument> {
  const home = mkdtempSync(join(tmpdir(), 'khipu-openapi-'));
  try {
    const config = loadConfig({
      KHIPU_HOME: home,
      KAFKA_BROKERS: 'memory:1',
      SCHEMA_REGISTRY_URL: 'http://memory',
      DATABASE_URL: 'postgres://memory/none',
      REDIS_URL: 'redis://memory',
    });
    ensureDevelopmentKeys(config.keysDir);
    const log = new MemoryLog();
    await createTopics(log);
    const gateway = await createGateway(routesOf(gatewayNames), {
      config,
      logger: createLogger('docs', 'silent'),
      log,
      decoder: new RecordDecoder(createLocalCodec(), () => Promise.reject(new Error('no registry'))),
      appender: await log.appender(),
      // Only requests read from these stores, and none is served.
      readModel: {} as ReadModel,
      jwtKeys: loadKeys(config),
      apiKeyFile: { find: () => undefined },
      redis: null,
      singleUse: {} as SingleUseStore,
      consoleStore: {} as ExpiringStore,
      platform: declaredPlatform(),
      register: new Registry(),
    });
    const document = gateway.app.swagger();
    await gateway.close();
    return document as unknown as ApiDocument;
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
