import type { RevocationBoard } from '../../infra/access/revocation-board.ts';
import type { Config } from '../../infra/config.ts';
import type { ConstitutionBoard } from '../../infra/constitution/constitution-board.ts';
import type { DirectoryBoard } from '../../infra/identity/directory-board.ts';
import type { IdentityProvider } from '../../infra/identity/identity-provider.ts';
import type { RecordDecoder } from '../../infra/kafka/decode.ts';
import type { Log } from '../../infra/kafka/log.ts';
import type { ApiKeyVerifier, StoredKey } from '../../infra/keys/api-key-verifier.ts';
import type { SwitchBoard } from '../../infra/killswitch/switch-board.ts';
import type { Logger } from '../../infra/telemetry/logger.ts';
import type { SessionTokens } from './auth/session-tokens.ts';
import type { Standing } from './auth/standing.ts';
import type { CommandAppender } from './log/command-appender.ts';
import type { EventTail } from './log/event-tail.ts';
import type { Outcomes } from './log/outcomes.ts';
import type { GatewayMetrics } from './metrics.ts';
import type { ReadModel } from './read-model.ts';
import type { PendingSessions, SessionAccess } from './session-access.ts';

/** What the routes of every gateway work with. */
export interface GatewayServices {
  readonly config: Config;
  readonly logger: Logger;
  readonly log: Log;
  readonly decoder: RecordDecoder;
  readonly commands: CommandAppender;
  readonly tail: EventTail;
  readonly outcomes: Outcomes;
  readonly switches: SwitchBoard;
  readonly revocations: RevocationBoard;
  readonly directory: DirectoryBoard;
  readonly apiKeys: ApiKeyVerifier;
  /** The key of a prefix, wherever it is kept; undefined when none counts. */
  readonly findKey: (prefix: string) => StoredKey | undefined;
  readonly standing: Standing;
  /** Null where no outside identity provider is configured. */
  readonly identityProvider: IdentityProvider | null;
  readonly constitutions: ConstitutionBoard;
  readonly readModel: ReadModel;
  readonly tokens: SessionTokens;
  readonly access: SessionAccess;
  readonly pending: PendingSessions;
  readonly metrics: GatewayMetrics;
}
