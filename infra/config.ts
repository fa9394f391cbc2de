import { z } from 'zod';
import { FILE_BYTES_MAX_DEFAULT, FILE_BYTES_MAX_LARGEST } from '../schemas/contexts/files.ts';
import { isPartitionCount } from '../schemas/topics.ts';
import { noPrivateHosts, type PrivateHosts, privateHostsOf } from './egress/private-hosts.ts';
import type { WantedLayout } from './kafka/layout.ts';
import { type KafkaLogin, loginOf, loginVariables } from './kafka/login.ts';
import { ConfigError } from './kit/config-error.ts';
import { originsOf } from './kit/origins.ts';
import { declaredProviders, PRICE, providersIn } from './models/registry/declared-providers.ts';
import {
  declaredProvider,
  type ProviderDeclaration,
  type SecretReference,
} from './models/registry/provider-declaration.ts';
import { type TlsConfig, tlsOf, tlsVariables } from './tls/tls-files.ts';
import { withFiles } from './tls/tls-url.ts';
import { type TracingConfig, tracingOf, tracingVariables } from './tracing/settings.ts';

const milliseconds = (fallback: number, max = 2_147_483_647) =>
  z.coerce.number().int().positive().max(max).default(fallback);
const port = z.coerce.number().int().min(0).max(65_535);

/** The environment variables of every role; each description completes "expected …" in error messages. */
export const variables = z.object({
  KHIPU_MODE: z.enum(['development', 'production']).default('development').describe('development or production'),
  KHIPU_HOME: z.string().min(1).default('.khipu').describe('folder for local state'),
  KHIPU_LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .describe('pino log level'),
  KAFKA_BROKERS: z.string().min(1).describe('host:port, comma-separated, such as localhost:9092'),
  ...loginVariables,
  ...tlsVariables,
  ...tracingVariables,
  KHIPU_PARTITIONS: z.coerce
    .number()
    .refine(isPartitionCount)
    .optional()
    .describe(
      'number of partitions of each topic, a power of two from 1 to 256; the first start sets it, later ones must agree; default: as before, at first 4',
    ),
  KHIPU_KAFKA_CLIENT: z
    .enum(['kafkajs', 'platformatic'])
    .default('kafkajs')
    .describe('client behind the log port: kafkajs or platformatic'),
  KHIPU_LAYOUT: z
    .enum(['chained', 'apart'])
    .optional()
    .describe(
      'chained: the processors of a topology are one task per partition; apart: each has its own group; the first start sets it, later ones must agree; default: as before, at first chained',
    ),
  KHIPU_REGION: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,30}$/)
    .optional()
    .describe(
      'name of the region of this process, such as eu-west: lower-case letters, digits and -; it starts only while its log belongs to that region; default: the platform has one region',
    ),
  SCHEMA_REGISTRY_URL: z
    .url({ protocol: /^https?$/ })
    .describe('http(s) URL of a Confluent-compatible registry; https may name files as DATABASE_URL does'),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .describe(
      'postgres:// URL; with sslmode=verify-full over TLS, and then sslrootcert, sslcert and sslkey may name files instead of KHIPU_TLS_CA_FILE, KHIPU_TLS_CERT_FILE and KHIPU_TLS_KEY_FILE',
    ),
  REDIS_URL: z
    .url({ protocol: /^rediss?$/ })
    .describe('redis:// URL, or rediss:// over TLS, which may name files as DATABASE_URL does'),
  KHIPU_HTTP_HOST: z.string().min(1).default('127.0.0.1').describe('address the gateway listens on'),
  KHIPU_HTTP_PORT: port.default(8080).describe('port of the gateway, 0 to 65535'),
  KHIPU_ADMIN_HOST: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('address for health and metrics of a role, such as 0.0.0.0 where probes and scrapes come from outside'),
  KHIPU_ADMIN_PORT: port.default(0).describe('port for health and metrics of a role; 0 selects a free one'),
  KHIPU_STUCK_AFTER_MS: milliseconds(30_000).describe(
    'longest time for one record in flight; a processor that exceeds it is stuck, and its process fails its liveness check or ends, ms',
  ),
  KHIPU_PUBLIC_URL: z.url().optional().describe('URL under which clients reach the gateway'),
  KHIPU_CORS_ORIGINS: z
    .string()
    .refine((list) => originsOf(list) !== null)
    .optional()
    .describe(
      'exact origins whose pages may call the API, comma-separated, such as https://app.example.com; never *; in production https, or this host',
    ),
  KHIPU_CONSOLE_DIR: z
    .string()
    .min(1)
    .optional()
    .describe('folder of a built console; default: the build of this checkout in KHIPU_HOME/console'),
  KHIPU_KEYS_DIR: z.string().min(1).optional().describe('folder of keys; default: KHIPU_HOME/keys'),
  KHIPU_TOKEN_TTL_S: z.coerce
    .number()
    .int()
    .min(60)
    .max(86_400)
    .default(3_600)
    .describe('lifetime of a session token, 60 to 86400 s'),
  KHIPU_IDENTITY_ISSUER_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('http(s) URL of an OpenID Connect provider, the iss of its access tokens; https in production'),
  KHIPU_IDENTITY_AUDIENCE: z.string().min(1).default('khipu').describe('aud that access tokens must have'),
  KHIPU_IDENTITY_TENANT_CLAIM: z.string().min(1).default('tenant').describe('claim that names the tenant'),
  KHIPU_IDENTITY_ROLES_CLAIM: z.string().min(1).default('roles').describe('claim that lists roles of that tenant'),
  KHIPU_IDENTITY_CLIENT_ID: z
    .string()
    .min(1)
    .optional()
    .describe('client id of this platform at that provider; with it, users of the console sign in there'),
  KHIPU_IDENTITY_CLIENT_SECRET: z.string().min(1).optional().describe('secret of that client; none for a public one'),
  KHIPU_IDENTITY_CLIENT_SECRET_FILE: z
    .string()
    .min(1)
    .optional()
    .describe('path of a file with the secret of that client, instead of KHIPU_IDENTITY_CLIENT_SECRET'),
  KHIPU_IDENTITY_SCOPE: z
    .string()
    .regex(/^(?:\S+ )*openid(?: \S+)*$/)
    .default('openid')
    .describe('scopes that a sign-in asks for, separated by spaces, openid among them'),
  KHIPU_IDENTITY_RESOURCE: z
    .string()
    .min(1)
    .optional()
    .describe('resource that a sign-in asks for (RFC 8707), for a provider that needs it to set the audience'),
  KHIPU_KILL_SWITCH_TWO_PERSON: z
    .enum(['true', 'false'])
    .default('false')
    .describe('true: releasing a kill switch requires two principals'),
  KHIPU_CONSTITUTION_SIGNATURES_REQUIRED: z.coerce
    .number()
    .int()
    .min(1)
    .max(16)
    .default(1)
    .describe('number of different trusted keys that must sign a constitution, 1 to 16'),
  KHIPU_CONSTITUTION_REVIEWS_REQUIRED: z.coerce
    .number()
    .int()
    .min(0)
    .max(16)
    .optional()
    .describe(
      'number of approvals, not counting the proposer, that publishing requires, 0 to 16; default: 1 in production, else 0',
    ),
  KHIPU_CAPSULE_REVIEWS_REQUIRED: z.coerce
    .number()
    .int()
    .min(0)
    .max(16)
    .optional()
    .describe(
      'number of approvals, not counting the publisher, that listing a capsule requires, 0 to 16; default: 1 in production, else 0',
    ),
  KHIPU_CEDAR_OWN_CONDITIONS: z
    .enum(['true', 'false'])
    .default('true')
    .describe(
      'false: Cedar evaluates every policy of a constitution; true: simple policies are evaluated without Cedar, which is faster',
    ),
  KHIPU_POLICY_ENGINE_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      'http(s) URL of a decision in an external policy engine, such as http://localhost:8181/v1/data/khipu/decision; in production https, or on this host',
    ),
  KHIPU_POLICY_ENGINE_TOKEN: z.string().min(1).optional().describe('bearer token for that engine'),
  KHIPU_POLICY_ENGINE_TIMEOUT_MS: milliseconds(1_000, 5_000).describe('timeout of each of three attempts, ms'),
  KHIPU_MODERATION_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      'http(s) URL of an outside classifier of texts with the moderations API of OpenAI, such as http://localhost:8000/v1/moderations; in production https, or on this host',
    ),
  KHIPU_MODERATION_TOKEN: z.string().min(1).optional().describe('bearer token for that classifier'),
  KHIPU_MODERATION_MODEL: z.string().min(1).max(200).optional().describe('model that the classifier is asked for'),
  KHIPU_MODERATION_TIMEOUT_MS: milliseconds(2_000, 5_000).describe('timeout of each of three attempts, ms'),
  KHIPU_MODERATION_ON_FAILURE: z
    .enum(['refuse', 'label'])
    .default('refuse')
    .describe(
      'refuse: a command or an answer of a model without an answer of the classifier is refused; label: it passes, a command with the label unmoderated',
    ),
  KHIPU_APPROVALS_WEBHOOK_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      'http(s) URL that receives a message when an approver must look at a call; in production https, or on this host. A host outside the internet must be in KHIPU_EGRESS_PRIVATE_HOSTS',
    ),
  KHIPU_APPROVALS_WEBHOOK_SECRET: z
    .string()
    .regex(/^whsec_[A-Za-z0-9+/]{32,}={0,2}$/)
    .optional()
    .describe('secret that signs those messages (Standard Webhooks): whsec_ and at least 24 bytes in base64'),
  KHIPU_TOOL_SECRETS_DIR: z
    .string()
    .min(1)
    .optional()
    .describe(
      'folder of the secrets that tools are called with, one file each: <tenant>/<name>; default: KHIPU_HOME/tool-secrets',
    ),
  KHIPU_MEMORY_EMBEDDINGS: z
    .enum(['hashing', 'static', 'minilm'])
    .optional()
    .describe(
      'how memories are compared: hashing needs no files, static takes a table of vectors, minilm a sentence transformer (16 MB, some 30 ms a text); the last two need KHIPU_MEMORY_MODEL_PATH; default: static with a path, else hashing; the same at every process; rebuild the view memory after a change',
    ),
  KHIPU_MEMORY_MODEL_PATH: z
    .string()
    .min(1)
    .optional()
    .describe(
      'folder of the model that memories are compared by, the same at every process: vectors.safetensors or model.onnx, and tokenizer.json; rebuild the view memory after a change',
    ),
  KHIPU_SOMABRAIN_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      'http(s) URL of an external SomaBrain, such as http://localhost:9696, which the tool khipu.memory then uses; default: the memory service of this platform',
    ),
  KHIPU_SOMABRAIN_TOKEN: z.string().min(1).optional().describe('bearer token for that SomaBrain'),
  KHIPU_SOMABRAIN_TIMEOUT_MS: milliseconds(2_000, 30_000).describe('longest time of one request to that SomaBrain, ms'),
  KHIPU_OUTCOME_WAIT_MS: milliseconds(5_000).describe('how long a write waits for its outcome, ms'),
  KHIPU_RATE_LIMIT_PER_MINUTE: z.coerce
    .number()
    .int()
    .positive()
    .default(6_000)
    .describe('requests per minute and caller'),
  KHIPU_FILE_BYTES_MAX: z.coerce
    .number()
    .int()
    .min(1)
    .max(FILE_BYTES_MAX_LARGEST)
    .default(FILE_BYTES_MAX_DEFAULT)
    .describe('largest file that may be uploaded, in bytes, at most 536870912'),
  KHIPU_EGRESS_PRIVATE_HOSTS: z
    .string()
    .refine((list) => privateHostsOf(list) !== null)
    .optional()
    .describe(
      'hosts outside the internet that tools may reach, comma-separated: names, addresses, or ranges such as 10.2.0.0/16; this host and metadata services only by address; default: none',
    ),
  KHIPU_SLM_PROVIDERS: z
    .string()
    .min(1)
    .optional()
    .describe('JSON list of the providers of models, for several at once, instead of the variables of a single one'),
  KHIPU_SLM_PROVIDERS_FILE: z
    .string()
    .min(1)
    .optional()
    .describe('path of a file with that list, instead of KHIPU_SLM_PROVIDERS'),
  KHIPU_SLM_PROVIDER: z
    .enum(['local', 'openai', 'deterministic'])
    .optional()
    .describe('kind of a single provider: local, openai or deterministic; default: deterministic'),
  KHIPU_SLM_MODEL_PATH: z.string().min(1).optional().describe('path of the GGUF file, for local'),
  KHIPU_SLM_BASE_URL: z.url().optional().describe('URL of an OpenAI-compatible server, for openai'),
  KHIPU_SLM_API_KEY: z.string().min(1).optional().describe('API key for that server'),
  KHIPU_SLM_API_KEY_FILE: z
    .string()
    .min(1)
    .optional()
    .describe('path of a file with the API key for that server, instead of KHIPU_SLM_API_KEY'),
  KHIPU_SLM_MODEL: z
    .string()
    .min(1)
    .optional()
    .describe('default model of that server; for local, the name of the model (default: the name of its file)'),
  KHIPU_SLM_MODELS: z
    .string()
    .regex(/^[^\s,]+(\s*,\s*[^\s,]+)*$/)
    .optional()
    .describe('further models of the provider by name, comma-separated; a request for any other model is refused'),
  KHIPU_SLM_TIMEOUT_MS: milliseconds(60_000).describe('timeout of one answer, ms'),
  KHIPU_SLM_FIRST_TOKEN_TIMEOUT_MS: milliseconds(20_000).describe('timeout until the first token, ms'),
  KHIPU_SLM_DETERMINISTIC_DELAY_MS: z.coerce
    .number()
    .int()
    .min(0)
    .max(60_000)
    .default(0)
    .describe('pause between deltas of the deterministic provider, ms'),
  KHIPU_SLM_PRICE_PER_MILLION_TOKENS: z
    .string()
    .regex(PRICE)
    .default('0.200')
    .describe('decimal price, at most 3 digits after the point, of providers that declare none'),
  KHIPU_SLM_CURRENCY: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .default('USD')
    .describe('ISO 4217 code of the currency'),
});

type Variables = z.infer<typeof variables>;

/** Variables that declare providers of models. */
const slmVariables = variables.pick({
  KHIPU_SLM_PROVIDERS: true,
  KHIPU_SLM_PROVIDERS_FILE: true,
  KHIPU_SLM_PROVIDER: true,
  KHIPU_SLM_MODEL_PATH: true,
  KHIPU_SLM_BASE_URL: true,
  KHIPU_SLM_API_KEY: true,
  KHIPU_SLM_API_KEY_FILE: true,
  KHIPU_SLM_MODEL: true,
  KHIPU_SLM_MODELS: true,
  KHIPU_SLM_PRICE_PER_MILLION_TOKENS: true,
  KHIPU_SLM_CURRENCY: true,
});
type SlmVariables = z.infer<typeof slmVariables>;

/** The validated configuration of a process. */
export interface Config {
  readonly mode: Variables['KHIPU_MODE'];
  readonly home: string;
  readonly logLevel: Variables['KHIPU_LOG_LEVEL'];
  readonly brokers: readonly string[];
  readonly kafkaLogin: KafkaLogin;
  readonly tls: TlsConfig;
  /** Null when nothing is traced. */
  readonly tracing: TracingConfig | null;
  readonly kafkaClient: Variables['KHIPU_KAFKA_CLIENT'];
  readonly wantedLayout: WantedLayout;
  /** Null where the platform has one region. */
  readonly region: string | null;
  readonly registryUrl: string;
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly http: {
    readonly host: string;
    readonly port: number;
    readonly publicUrl: string | null;
    /** Origins whose pages may call the API; empty when none may. */
    readonly corsOrigins: readonly string[];
  };
  /** Folder of a built console; null for the build of this checkout. */
  readonly consoleDir: string | null;
  readonly adminHost: string;
  readonly adminPort: number;
  readonly stuckAfterMs: number;
  readonly keysDir: string;
  readonly tokenTtlS: number;
  readonly killSwitchTwoPerson: boolean;
  /** The OpenID Connect provider; null when none is configured. */
  readonly identityProvider: {
    readonly issuerUrl: string;
    readonly audience: string;
    readonly tenantClaim: string;
    readonly rolesClaim: string;
    /** This platform as a client of the provider; null when the console offers no sign-in there. */
    readonly client: {
      readonly clientId: string;
      readonly secret: SecretReference | null;
      readonly scope: string;
      readonly resource: string | null;
    } | null;
  } | null;
  /** Approvals, not counting the publisher, that listing a capsule requires. */
  readonly capsuleReviewsRequired: number;
  readonly constitution: {
    readonly signaturesRequired: number;
    readonly reviewsRequired: number;
    readonly ownConditions: boolean;
  };
  /** The external policy engine, which must allow as well; null when none is configured. */
  readonly policyEngine: { readonly url: string; readonly token: string | null; readonly timeoutMs: number } | null;
  /** The outside classifier of texts; null when none is configured. */
  readonly classifier: {
    readonly url: string;
    readonly token: string | null;
    readonly model: string | null;
    readonly timeoutMs: number;
    readonly onFailure: 'refuse' | 'label';
  } | null;
  /** The webhook of approvals; null when none is configured. */
  readonly approvalsWebhook: { readonly url: string; readonly secret: Buffer } | null;
  /** Folder of the secrets of tools: `<tenant>/<name>`. */
  readonly toolSecretsDir: string;
  /** How memories are compared: without files, by static vectors, or by a sentence transformer. */
  readonly memoryEmbeddings: 'hashing' | 'static' | 'minilm';
  /** Folder of that model; null with `hashing`. */
  readonly memoryModelPath: string | null;
  /** An external SomaBrain; null for the memory service of this platform. */
  readonly somabrain: { readonly url: string; readonly token: string | null; readonly timeoutMs: number } | null;
  readonly outcomeWaitMs: number;
  readonly rateLimitPerMinute: number;
  readonly fileBytesMax: number;
  /** Hosts outside the internet that tools may reach. */
  readonly egressPrivateHosts: PrivateHosts;
  readonly slm: {
    /** In the order of their declaration; at least one. */
    readonly providers: readonly ProviderDeclaration[];
    readonly timeoutMs: number;
    readonly firstTokenTimeoutMs: number;
    readonly deterministicDelayMs: number;
  };
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Returns how memories are compared. Throws ConfigError for a model without a folder. */
function memoryModelOf(v: {
  readonly KHIPU_MEMORY_EMBEDDINGS?: Config['memoryEmbeddings'] | undefined;
  readonly KHIPU_MEMORY_MODEL_PATH?: string | undefined;
}): Pick<Config, 'memoryEmbeddings' | 'memoryModelPath'> {
  const memoryModelPath = v.KHIPU_MEMORY_MODEL_PATH ?? null;
  const memoryEmbeddings = v.KHIPU_MEMORY_EMBEDDINGS ?? (memoryModelPath === null ? 'hashing' : 'static');
  if (memoryEmbeddings !== 'hashing' && memoryModelPath === null)
    throw new ConfigError(`KHIPU_MEMORY_EMBEDDINGS: ${memoryEmbeddings} needs a folder in KHIPU_MEMORY_MODEL_PATH`);
  return { memoryEmbeddings, memoryModelPath };
}

/** Reads the environment. Throws ConfigError, which names every missing or invalid variable. */
export const loadConfig = (env: Environment = process.env): Config => toConfig(parse(variables, env));

/** Reads `KHIPU_CEDAR_OWN_CONDITIONS` alone, for commands that need no platform. Throws ConfigError. */
export const loadOwnConditions = (env: Environment = process.env): boolean =>
  parse(variables.pick({ KHIPU_CEDAR_OWN_CONDITIONS: true }), env).KHIPU_CEDAR_OWN_CONDITIONS === 'true';

/** Reads the variables of language models alone. Throws ConfigError. */
export const loadSlmProviders = (
  env: Environment = process.env,
): { readonly providers: readonly ProviderDeclaration[] } => ({
  providers: slmProvidersOf(parse(slmVariables, env)),
});

function parse<T>(schema: z.ZodType<T>, env: Environment): T {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => {
      const name = String(issue.path[0]);
      const expected = (variables.shape as Record<string, z.ZodType>)[name]?.description ?? 'another value';
      return `  ${name}: expected ${expected}; ${given[name] === undefined ? 'it is not set' : `got ${shown(name, given[name])}`}`;
    });
    throw new ConfigError(`the environment is incomplete or invalid:\n${lines.join('\n')}`);
  }
  return parsed.data;
}

/** Returns a printable form of a value; never that of a secret. */
const shown = (name: string, value: string): string =>
  /(KEY|URL|PASSWORD|TOKEN|SECRET|HEADERS)$/.test(name) ? 'a value in another format' : JSON.stringify(value);

function toConfig(v: Variables): Config {
  const tls = tlsOf(v);
  return {
    tls,
    tracing: tracingOf(v),
    identityProvider: identityProviderOf(v),
    policyEngine: policyEngineOf(v),
    classifier: classifierOf(v),
    approvalsWebhook: approvalsWebhookOf(v),
    mode: v.KHIPU_MODE,
    home: v.KHIPU_HOME,
    logLevel: v.KHIPU_LOG_LEVEL,
    brokers: v.KAFKA_BROKERS.split(',').map((broker) => broker.trim()),
    kafkaLogin: loginOf(v, v.KHIPU_MODE, tls.kafka),
    kafkaClient: v.KHIPU_KAFKA_CLIENT,
    wantedLayout: { partitions: v.KHIPU_PARTITIONS ?? null, topologies: v.KHIPU_LAYOUT ?? null },
    region: v.KHIPU_REGION ?? null,
    registryUrl: withFiles('SCHEMA_REGISTRY_URL', v.SCHEMA_REGISTRY_URL, tls.parts),
    databaseUrl: withFiles('DATABASE_URL', v.DATABASE_URL, tls.parts),
    redisUrl: withFiles('REDIS_URL', v.REDIS_URL, tls.parts),
    http: {
      host: v.KHIPU_HTTP_HOST,
      port: v.KHIPU_HTTP_PORT,
      publicUrl: v.KHIPU_PUBLIC_URL ?? null,
      corsOrigins: corsOriginsOf(v),
    },
    consoleDir: v.KHIPU_CONSOLE_DIR ?? null,
    adminHost: v.KHIPU_ADMIN_HOST,
    adminPort: v.KHIPU_ADMIN_PORT,
    stuckAfterMs: v.KHIPU_STUCK_AFTER_MS,
    keysDir: v.KHIPU_KEYS_DIR ?? `${v.KHIPU_HOME}/keys`,
    tokenTtlS: v.KHIPU_TOKEN_TTL_S,
    killSwitchTwoPerson: v.KHIPU_KILL_SWITCH_TWO_PERSON === 'true',
    constitution: {
      signaturesRequired: v.KHIPU_CONSTITUTION_SIGNATURES_REQUIRED,
      reviewsRequired: v.KHIPU_CONSTITUTION_REVIEWS_REQUIRED ?? (v.KHIPU_MODE === 'production' ? 1 : 0),
      ownConditions: v.KHIPU_CEDAR_OWN_CONDITIONS === 'true',
    },
    capsuleReviewsRequired: v.KHIPU_CAPSULE_REVIEWS_REQUIRED ?? (v.KHIPU_MODE === 'production' ? 1 : 0),
    toolSecretsDir: v.KHIPU_TOOL_SECRETS_DIR ?? `${v.KHIPU_HOME}/tool-secrets`,
    ...memoryModelOf(v),
    somabrain: somabrainOf(v),
    outcomeWaitMs: v.KHIPU_OUTCOME_WAIT_MS,
    rateLimitPerMinute: v.KHIPU_RATE_LIMIT_PER_MINUTE,
    fileBytesMax: v.KHIPU_FILE_BYTES_MAX,
    egressPrivateHosts:
      v.KHIPU_EGRESS_PRIVATE_HOSTS === undefined
        ? noPrivateHosts
        : (privateHostsOf(v.KHIPU_EGRESS_PRIVATE_HOSTS) ?? noPrivateHosts),
    slm: {
      providers: slmProvidersOf(v),
      timeoutMs: v.KHIPU_SLM_TIMEOUT_MS,
      firstTokenTimeoutMs: v.KHIPU_SLM_FIRST_TOKEN_TIMEOUT_MS,
      deterministicDelayMs: v.KHIPU_SLM_DETERMINISTIC_DELAY_MS,
    },
  };
}

/** Variables of a single provider, which a list of providers takes the place of. */
const ofSingleProvider = [
  'KHIPU_SLM_PROVIDER',
  'KHIPU_SLM_MODEL_PATH',
  'KHIPU_SLM_BASE_URL',
  'KHIPU_SLM_API_KEY_FILE',
  'KHIPU_SLM_MODEL',
  'KHIPU_SLM_MODELS',
] as const;

function slmProvidersOf(v: SlmVariables): readonly ProviderDeclaration[] {
  const { KHIPU_SLM_PROVIDERS: text, KHIPU_SLM_PROVIDERS_FILE: path } = v;
  if (text !== undefined && path !== undefined)
    throw new ConfigError('KHIPU_SLM_PROVIDERS_FILE: expected no value, as KHIPU_SLM_PROVIDERS is set');
  if (text === undefined && path === undefined) return [singleProviderOf(v)];
  const variable = text === undefined ? 'KHIPU_SLM_PROVIDERS_FILE' : 'KHIPU_SLM_PROVIDERS';
  const given = ofSingleProvider.filter((name) => v[name] !== undefined);
  if (given.length > 0)
    throw new ConfigError(given.map((name) => `${name}: expected no value, as ${variable} is set`).join('\n'));
  return declaredProviders(path === undefined ? { variable, text: text ?? '' } : providersIn(path, variable), {
    pricePerMillionTokens: v.KHIPU_SLM_PRICE_PER_MILLION_TOKENS,
    currency: v.KHIPU_SLM_CURRENCY,
  });
}

function singleProviderOf(v: SlmVariables): ProviderDeclaration {
  const { KHIPU_SLM_PROVIDER: provider = 'deterministic' } = v;
  if (provider === 'local' && v.KHIPU_SLM_MODEL_PATH === undefined)
    throw new ConfigError('KHIPU_SLM_MODEL_PATH: expected the path of a GGUF file, as KHIPU_SLM_PROVIDER is local');
  if (provider === 'openai' && v.KHIPU_SLM_BASE_URL === undefined)
    throw new ConfigError(
      'KHIPU_SLM_BASE_URL: expected the URL of an OpenAI-compatible server, as KHIPU_SLM_PROVIDER is openai',
    );
  if (provider === 'openai' && v.KHIPU_SLM_MODEL === undefined)
    throw new ConfigError(
      'KHIPU_SLM_MODEL: expected the name of a model of that server, as KHIPU_SLM_PROVIDER is openai',
    );
  return declaredProvider({
    provider,
    modelPath: v.KHIPU_SLM_MODEL_PATH ?? null,
    baseUrl: v.KHIPU_SLM_BASE_URL ?? null,
    secret: secretOf('KHIPU_SLM_API_KEY', v),
    model: v.KHIPU_SLM_MODEL ?? null,
    models: v.KHIPU_SLM_MODELS?.split(',').map((name) => name.trim()) ?? [],
    pricePerMillionTokens: v.KHIPU_SLM_PRICE_PER_MILLION_TOKENS,
    currency: v.KHIPU_SLM_CURRENCY,
  });
}

/** Returns where a secret is found: in its variable, or in the file that its variable with `_FILE` names. */
function secretOf<Name extends string>(
  name: Name,
  v: { readonly [Variable in Name | `${Name}_FILE`]?: string | undefined },
): SecretReference | null {
  const path = v[`${name}_FILE`];
  if (v[name] !== undefined && path !== undefined)
    throw new ConfigError(`${name}_FILE: expected no value, as ${name} is set`);
  if (path !== undefined) return { from: 'file', path };
  return v[name] === undefined ? null : { from: 'environment', name };
}

function signInClientOf(v: Variables): NonNullable<Config['identityProvider']>['client'] {
  const { KHIPU_IDENTITY_CLIENT_ID: clientId, KHIPU_IDENTITY_SCOPE: scope } = v;
  const secret = secretOf('KHIPU_IDENTITY_CLIENT_SECRET', v);
  if (clientId === undefined) return null;
  return { clientId, secret, scope, resource: v.KHIPU_IDENTITY_RESOURCE ?? null };
}

function identityProviderOf(v: Variables): Config['identityProvider'] {
  const issuerUrl = v.KHIPU_IDENTITY_ISSUER_URL;
  if (issuerUrl === undefined) return null;
  if (v.KHIPU_MODE === 'production' && !issuerUrl.startsWith('https:'))
    throw new ConfigError('KHIPU_IDENTITY_ISSUER_URL: expected an https URL, as KHIPU_MODE is production');
  // Two token issuers with the same name could not be distinguished.
  if (issuerUrl.replace(/\/$/, '') === v.KHIPU_PUBLIC_URL?.replace(/\/$/, ''))
    throw new ConfigError(
      'KHIPU_IDENTITY_ISSUER_URL: expected a URL other than KHIPU_PUBLIC_URL, which is the issuer of session tokens',
    );
  return {
    issuerUrl,
    audience: v.KHIPU_IDENTITY_AUDIENCE,
    tenantClaim: v.KHIPU_IDENTITY_TENANT_CLAIM,
    rolesClaim: v.KHIPU_IDENTITY_ROLES_CLAIM,
    client: signInClientOf(v),
  };
}

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

function corsOriginsOf(v: Variables): readonly string[] {
  const origins = originsOf(v.KHIPU_CORS_ORIGINS ?? '') ?? [];
  const isSafe = (origin: string): boolean => origin.startsWith('https:') || LOOPBACK.test(new URL(origin).hostname);
  if (v.KHIPU_MODE === 'production' && !origins.every(isSafe))
    throw new ConfigError('KHIPU_CORS_ORIGINS: expected https origins, or this host, as KHIPU_MODE is production');
  return origins;
}

/** Returns the URL of an outside service. Throws ConfigError for credentials in it, and in production for plain HTTP. */
function outsideUrl(
  name: 'KHIPU_POLICY_ENGINE' | 'KHIPU_MODERATION' | 'KHIPU_SOMABRAIN',
  url: string,
  v: Variables,
): string {
  const { protocol, hostname, username, password } = new URL(url);
  if (username !== '' || password !== '')
    throw new ConfigError(`${name}_URL: expected no credentials; set ${name}_TOKEN instead`);
  if (v.KHIPU_MODE === 'production' && protocol !== 'https:' && !LOOPBACK.test(hostname))
    throw new ConfigError(`${name}_URL: expected https, or this host, as KHIPU_MODE is production`);
  return url;
}

function approvalsWebhookOf(v: Variables): Config['approvalsWebhook'] {
  const { KHIPU_APPROVALS_WEBHOOK_URL: url, KHIPU_APPROVALS_WEBHOOK_SECRET: secret } = v;
  if (url === undefined) return null;
  if (secret === undefined)
    throw new ConfigError('KHIPU_APPROVALS_WEBHOOK_SECRET: expected a secret, as KHIPU_APPROVALS_WEBHOOK_URL is set');
  const { protocol, hostname, username, password } = new URL(url);
  if (username !== '' || password !== '')
    throw new ConfigError('KHIPU_APPROVALS_WEBHOOK_URL: expected no credentials; messages are signed');
  if (v.KHIPU_MODE === 'production' && protocol !== 'https:' && !LOOPBACK.test(hostname))
    throw new ConfigError('KHIPU_APPROVALS_WEBHOOK_URL: expected https, or this host, as KHIPU_MODE is production');
  return { url, secret: Buffer.from(secret.slice('whsec_'.length), 'base64') };
}

function somabrainOf(v: Variables): Config['somabrain'] {
  if (v.KHIPU_SOMABRAIN_URL === undefined) return null;
  const url = outsideUrl('KHIPU_SOMABRAIN', v.KHIPU_SOMABRAIN_URL, v);
  return { url, token: v.KHIPU_SOMABRAIN_TOKEN ?? null, timeoutMs: v.KHIPU_SOMABRAIN_TIMEOUT_MS };
}

function policyEngineOf(v: Variables): Config['policyEngine'] {
  if (v.KHIPU_POLICY_ENGINE_URL === undefined) return null;
  const url = outsideUrl('KHIPU_POLICY_ENGINE', v.KHIPU_POLICY_ENGINE_URL, v);
  return { url, token: v.KHIPU_POLICY_ENGINE_TOKEN ?? null, timeoutMs: v.KHIPU_POLICY_ENGINE_TIMEOUT_MS };
}

function classifierOf(v: Variables): Config['classifier'] {
  if (v.KHIPU_MODERATION_URL === undefined) return null;
  return {
    url: outsideUrl('KHIPU_MODERATION', v.KHIPU_MODERATION_URL, v),
    ...{ token: v.KHIPU_MODERATION_TOKEN ?? null, model: v.KHIPU_MODERATION_MODEL ?? null },
    ...{ timeoutMs: v.KHIPU_MODERATION_TIMEOUT_MS, onFailure: v.KHIPU_MODERATION_ON_FAILURE },
  };
}
