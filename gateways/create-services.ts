import type { Redis } from 'ioredis';
import type { Registry } from 'prom-client';
import { RevocationBoard } from '../infra/access/revocation-board.ts';
import type { Config } from '../infra/config.ts';
import { ConstitutionBoard } from '../infra/constitution/constitution-board.ts';
import { DirectoryBoard } from '../infra/identity/directory-board.ts';
import { IdentityProvider } from '../infra/identity/identity-provider.ts';
import type { RecordDecoder } from '../infra/kafka/decode.ts';
import type { Appender, Log } from '../infra/kafka/log.ts';
import type { ApiKeyFile } from '../infra/keys/api-key-file.ts';
import { ApiKeyVerifier, type StoredKey } from '../infra/keys/api-key-verifier.ts';
import type { JwtKeys } from '../infra/keys/load.ts';
import { SwitchBoard } from '../infra/killswitch/switch-board.ts';
import type { HealthCheck } from '../infra/telemetry/admin-server.ts';
import type { Logger } from '../infra/telemetry/logger.ts';
import { SessionTokens } from './shared/auth/session-tokens.ts';
import { Standing } from './shared/auth/standing.ts';
import { admission } from './shared/kill-switch.ts';
import { LogAvailability } from './shared/log/availability.ts';
import { CommandAppender } from './shared/log/command-appender.ts';
import { EventTail } from './shared/log/event-tail.ts';
import { Outcomes } from './shared/log/outcomes.ts';
import { GatewayMetrics } from './shared/metrics.ts';
import type { ReadModel } from './shared/read-model.ts';
import type { GatewayServices } from './shared/services.ts';
import { PendingSessions, SessionAccess } from './shared/session-access.ts';

/** What a gateway needs of the outside world. Who opened it closes it. */
export interface GatewayParts {
  readonly config: Config;
  readonly logger: Logger;
  readonly log: Log;
  readonly decoder: RecordDecoder;
  readonly appender: Appender;
  readonly readModel: ReadModel;
  readonly jwtKeys: JwtKeys;
  /** Keys that do not come from the log: the first ones, with which others are made. */
  readonly apiKeyFile: Pick<ApiKeyFile, 'find'>;
  /** Counts requests across gateways; null counts them in this process. */
  readonly redis: Redis | null;
  readonly register: Registry;
  /** Further parts that `/health/ready` names. */
  readonly checks?: Readonly<Record<string, HealthCheck>>;
}

/** Issuer of session tokens where no public URL is configured: the same at every gateway of a platform. */
const ISSUER = 'urn:khipu';

/** What the routes work with, listening to `topics`. The tail is not started yet. */
export async function createServices(
  topics: readonly string[],
  parts: GatewayParts,
): Promise<GatewayServices & { readonly availability: LogAvailability }> {
  const { config, logger, log, decoder, appender, readModel } = parts;
  const metrics = new GatewayMetrics(parts.register);
  const tail = new EventTail({ log, decoder, topics, logger });
  const outcomes = new Outcomes(tail);
  const pending = new PendingSessions();
  const availability = new LogAvailability(log);
  metrics.gauge(
    'khipu_gateway_tail_lag_records',
    'Events that the log has and this gateway has not read',
    () => tail.lag,
  );
  const tokens = await SessionTokens.open(parts.jwtKeys, {
    issuer: config.http.publicUrl ?? ISSUER,
    ttlS: config.tokenTtlS,
  });
  const switches = new SwitchBoard({ log, decoder, logger });
  const revocations = new RevocationBoard({ log, decoder, logger });
  const directory = new DirectoryBoard({ log, decoder, logger });
  // The file first: whoever makes keys chooses no prefix, but no key of the log may ever stand before an operator's.
  const findKey = (prefix: string): StoredKey | undefined => parts.apiKeyFile.find(prefix) ?? directory.key(prefix);
  const constitutions = new ConstitutionBoard({ log, decoder, logger });
  const commands = new CommandAppender({
    appender,
    codec: decoder.codec,
    availability,
    admit: admission(switches, metrics),
    onAppended: ({ type }) => metrics.commands.inc({ record: type }),
  });
  const access = new SessionAccess({ outcomes, readModel, pending });
  return {
    config,
    logger,
    log,
    decoder,
    commands,
    tail,
    outcomes,
    switches,
    revocations,
    directory,
    apiKeys: new ApiKeyVerifier({ find: findKey }),
    findKey,
    standing: new Standing({ revocations, directory, findKey }),
    identityProvider: config.identityProvider === null ? null : new IdentityProvider(config.identityProvider, logger),
    constitutions,
    readModel,
    tokens,
    access,
    pending,
    metrics,
    availability,
  };
}
