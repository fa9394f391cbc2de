import type { Redis } from 'ioredis';
import type { Registry } from 'prom-client';
import type { Config } from '../infra/config.ts';
import type { RecordDecoder } from '../infra/kafka/decode.ts';
import { FilePieces } from '../infra/kafka/file-pieces.ts';
import type { Appender, Log } from '../infra/kafka/port.ts';
import type { Logger } from '../infra/kit/logger.ts';
import { embedderOf } from '../infra/memory/embedding/embedder.ts';
import { MemoryRecall } from '../infra/memory/recall.ts';
import { ModelRegistry } from '../infra/models/registry/model-registry.ts';
import { followTables, gatewayTables } from '../infra/runner/tables/followed.ts';
import type { ApiKeyFile } from '../infra/security/api-key-file.ts';
import { ApiKeyVerifier, type StoredKey } from '../infra/security/api-key-verifier.ts';
import { DirectoryKeys } from '../infra/security/directory-keys.ts';
import { IdentityProvider } from '../infra/security/identity-provider.ts';
import type { JwtKeys } from '../infra/security/load-keys.ts';
import { SignInClient } from '../infra/security/sign-in-client.ts';
import type { ExpiringStore } from '../infra/stores/expiring/port.ts';
import type { SingleUseStore } from '../infra/stores/single-use/port.ts';
import type { HealthCheck } from '../infra/telemetry/admin-server.ts';
import { isGoverned, requestOf } from '../schemas/governed.ts';
import { topics } from '../schemas/topics.ts';
import { cardSigner } from './shared/auth/agent-cards.ts';
import { BulkTokens } from './shared/auth/bulk-tokens.ts';
import { ConsoleCookies } from './shared/auth/console-cookie.ts';
import { ConsoleSessions } from './shared/auth/console-sessions.ts';
import { CredentialStatus } from './shared/auth/credential-status.ts';
import { PresentedKeys } from './shared/auth/presented-keys.ts';
import { SessionTokens } from './shared/auth/session-tokens.ts';
import { StreamTickets } from './shared/auth/stream-tickets.ts';
import { CommandSender } from './shared/command/sender.ts';
import type { DeclaredPlatform } from './shared/declared-platform.ts';
import { admission } from './shared/kill-switch.ts';
import { LogAvailability } from './shared/log/availability.ts';
import { CommandAppender } from './shared/log/command-appender.ts';
import { EventTail } from './shared/log/event-tail.ts';
import { Outcomes } from './shared/log/outcomes.ts';
import { GatewayMetrics } from './shared/metrics.ts';
import { modelAdmission } from './shared/models.ts';
import type { ReadModel } from './shared/read-model.ts';
import { outcomesOf, type Route, topicsOf } from './shared/route/route.ts';
import type { GatewayServices } from './shared/services.ts';
import { PendingSessions, RecentSessions, SessionAccess } from './shared/session-access.ts';
import { StreamLimits } from './shared/stream-limits.ts';
import { SubjectEvents } from './shared/subject-events.ts';

/** External dependencies of a gateway. The caller that opened them closes them. */
export interface GatewayParts {
  readonly config: Config;
  readonly logger: Logger;
  readonly log: Log;
  readonly decoder: RecordDecoder;
  readonly appender: Appender;
  readonly readModel: ReadModel;
  readonly jwtKeys: JwtKeys;
  /** Keys outside of the log: the first keys, which create the others. */
  readonly apiKeyFile: Pick<ApiKeyFile, 'find'>;
  /** The declarations of processors, workers, observers and views. */
  readonly platform: DeclaredPlatform;
  /** Counts requests across gateways; null counts them in this process. */
  readonly redis: Redis | null;
  /** Stream tickets of all gateways. */
  readonly singleUse: SingleUseStore;
  /** Sessions of the console at all gateways. */
  readonly consoleStore: ExpiringStore;
  readonly register: Registry;
  /** Further checks of `/health/ready`, by name. */
  readonly checks?: Readonly<Record<string, HealthCheck>>;
}

/** Issuer of session tokens without a configured public URL: the same at every gateway of a platform. */
const ISSUER = 'urn:khipu';

function signInClientOf({ identityProvider }: Config): SignInClient | null {
  if (identityProvider === null || identityProvider.client === null) return null;
  return new SignInClient({ issuerUrl: identityProvider.issuerUrl, ...identityProvider.client });
}

/** Resolves with the services of the routes. The tail, which reads the topics of the routes, is not started yet. */
export async function createServices(
  routes: readonly Pick<Route, 'outcomes' | 'follows'>[],
  parts: GatewayParts,
): Promise<GatewayServices & { readonly availability: LogAvailability; close(): Promise<void> }> {
  const { config, logger, log, decoder, appender, readModel } = parts;
  const { name } = topics.sessionsCommands;
  const partitions = (await log.partitionCounts([name])).get(name) ?? 1;
  const metrics = new GatewayMetrics(parts.register);
  const tail = new EventTail({ log, decoder, topics: topicsOf(routes), logger });
  const availability = new LogAvailability(log);
  metrics.gauge(
    'khipu_gateway_tail_lag_records',
    'Events in the log that this gateway has not read yet',
    () => tail.lag,
  );
  const issuer = config.http.publicUrl ?? ISSUER;
  const tokens = await SessionTokens.open(parts.jwtKeys, { issuer, ttlS: config.tokenTtlS });
  const signed = { keys: parts.jwtKeys, jwks: tokens.jwks, issuer };
  const tickets = new StreamTickets({ store: parts.singleUse, ...signed });
  const consoleSessions = new ConsoleSessions({ store: parts.consoleStore, ...signed });
  const tables = followTables(gatewayTables, { log, decoder, logger });
  const keys = new DirectoryKeys(tables.directory);
  // The key file first: callers do not choose prefixes, but a key of the log must never hide a key of the operators.
  const findKey = (prefix: string): StoredKey | undefined => parts.apiKeyFile.find(prefix) ?? keys.find(prefix);
  const models = new ModelRegistry(config.slm.providers);
  const admitUnderSwitches = admission(tables.killSwitches, metrics);
  const admitModel = modelAdmission(models);
  const jobs = new SubjectEvents(tail, { topic: topics.jobsEvents.name, first: 'JobAccepted' });
  const commands = new CommandAppender({
    appender,
    codec: decoder.codec,
    availability,
    admit: (command, tenantId) => {
      // Operators need ungoverned commands while work is stopped: a switch could not be released otherwise.
      if (!isGoverned(command)) return;
      const request = requestOf(command);
      admitUnderSwitches({ ...request, record: command.type, tenantId });
      admitModel(request.resource);
    },
    onAppended: (command, tenantId) => {
      metrics.commands.inc({ record: command.type });
      if (command.type === 'StartJob' || command.type === 'ForkJob') jobs.expect(tenantId, command.data.jobId);
    },
  });
  const outcomes = new Outcomes(tail, outcomesOf(routes));
  return {
    config,
    logger,
    log,
    decoder,
    filePieces: new FilePieces({ appender, codec: decoder.codec, now: Date.now, source: 'khipu/gateway' }),
    sender: new CommandSender({ commands, outcomes, readModel, metrics }),
    partitions,
    tail,
    platform: parts.platform,
    tables,
    presentedKeys: new PresentedKeys(new ApiKeyVerifier({ find: findKey })),
    findKey,
    credentialStatus: new CredentialStatus({ tables, keys, findKey, consoleSessions }),
    identityProvider: config.identityProvider === null ? null : new IdentityProvider(config.identityProvider, logger),
    signInClient: signInClientOf(config),
    pendingSignIns: parts.singleUse,
    readModel,
    memory: new MemoryRecall(readModel.memories, embedderOf(config)),
    models,
    tokens,
    signCard: cardSigner(parts.jwtKeys.signing),
    tickets,
    bulkTokens: new BulkTokens(signed),
    consoleSessions,
    consoleCookies: new ConsoleCookies(config.http.publicUrl),
    access: new SessionAccess({ recent: new RecentSessions(tail), pending: new PendingSessions(), readModel, tail }),
    jobs,
    agentRuns: new SubjectEvents(tail, { topic: topics.agentsEvents.name, first: 'AgentRunStarted' }),
    metrics,
    streamLimits: new StreamLimits(),
    availability,
    close: async () => {
      availability.close();
      consoleSessions.close();
      keys.close();
      await tables.close();
      await tail.close();
    },
  };
}
