import type { Config } from '../../infra/config.ts';
import type { RecordDecoder } from '../../infra/kafka/decode.ts';
import type { FilePieces } from '../../infra/kafka/file-pieces.ts';
import type { Log } from '../../infra/kafka/port.ts';
import type { Logger } from '../../infra/kit/logger.ts';
import type { MemoryRecall } from '../../infra/memory/recall.ts';
import type { ModelRegistry } from '../../infra/models/registry/model-registry.ts';
import type { GatewayTables } from '../../infra/runner/tables/followed.ts';
import type { StoredKey } from '../../infra/security/api-key-verifier.ts';
import type { IdentityProvider } from '../../infra/security/identity-provider.ts';
import type { SignInClient } from '../../infra/security/sign-in-client.ts';
import type { SingleUseStore } from '../../infra/stores/single-use/port.ts';
import type { SignCard } from './auth/agent-cards.ts';
import type { BulkTokens } from './auth/bulk-tokens.ts';
import type { ConsoleCookies } from './auth/console-cookie.ts';
import type { ConsoleSessions } from './auth/console-sessions.ts';
import type { CredentialStatus } from './auth/credential-status.ts';
import type { PresentedKeys } from './auth/presented-keys.ts';
import type { SessionTokens } from './auth/session-tokens.ts';
import type { StreamTickets } from './auth/stream-tickets.ts';
import type { CommandSender } from './command/sender.ts';
import type { DeclaredPlatform } from './declared-platform.ts';
import type { EventTail } from './log/event-tail.ts';
import type { GatewayMetrics } from './metrics.ts';
import type { ReadModel } from './read-model.ts';
import type { SessionAccess } from './session-access.ts';
import type { StreamLimits } from './stream-limits.ts';
import type { SubjectEvents } from './subject-events.ts';

/** Services of the routes of every gateway. */
export interface GatewayServices {
  readonly config: Config;
  readonly logger: Logger;
  readonly log: Log;
  readonly decoder: RecordDecoder;
  readonly sender: CommandSender;
  /** Appends the contents of files. */
  readonly filePieces: FilePieces;
  /** Partitions of the platform. */
  readonly partitions: number;
  readonly tail: EventTail;
  /** The declarations of processors, workers, observers and views. */
  readonly platform: DeclaredPlatform;
  /** Kill switches, revocations, tenants, the directory and constitutions, each complete in the memory of this gateway. */
  readonly tables: GatewayTables;
  readonly presentedKeys: PresentedKeys;
  /** Returns the active key of a prefix, from the key file or the directory; undefined when there is none. */
  readonly findKey: (prefix: string) => StoredKey | undefined;
  readonly credentialStatus: CredentialStatus;
  /** Null when no identity provider is configured. */
  readonly identityProvider: IdentityProvider | null;
  /** The platform as a client of the identity provider; null when the console offers no sign-in there. */
  readonly signInClient: SignInClient | null;
  /** Sign-ins at the identity provider that are under way. */
  readonly pendingSignIns: SingleUseStore;
  readonly readModel: ReadModel;
  /** Finds memories by meaning. */
  readonly memory: MemoryRecall;
  /** The models of all declared providers. */
  readonly models: ModelRegistry;
  readonly tokens: SessionTokens;
  readonly signCard: SignCard;
  readonly tickets: StreamTickets;
  readonly bulkTokens: BulkTokens;
  readonly consoleSessions: ConsoleSessions;
  readonly consoleCookies: ConsoleCookies;
  readonly access: SessionAccess;
  /** Events of jobs that this process reads. */
  readonly jobs: SubjectEvents;
  /** Events of runs of agents that this process reads. */
  readonly agentRuns: SubjectEvents;
  readonly metrics: GatewayMetrics;
  /** Limits of the streams of all routes. */
  readonly streamLimits: StreamLimits;
}
