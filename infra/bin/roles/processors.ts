import { access } from '../../../streams/access/access.ts';
import { audit } from '../../../streams/audit/audit.ts';
import { constitution } from '../../../streams/constitution/constitution.ts';
import { conversation } from '../../../streams/conversation/conversation.ts';
import { identity } from '../../../streams/identity/identity.ts';
import { inference } from '../../../streams/inference/inference.ts';
import type { Processor, Worker } from '../../../streams/kernel.ts';
import { killswitch } from '../../../streams/killswitch/killswitch.ts';
import { meter } from '../../../streams/meter/meter.ts';
import { policy } from '../../../streams/policy/policy.ts';
import { failedTests, failureLine } from '../../../streams/policy/self-test.ts';
import { sessions } from '../../../streams/sessions/sessions.ts';
import { slm } from '../../../streams/slm/slm.ts';
import { auditLog } from '../../audit/audit-log.ts';
import type { Config } from '../../config.ts';
import { createCedarEngine } from '../../governance/cedar-engine.ts';
import { createLifeEngine } from '../../governance/constitution-engine.ts';
import type { WorkHandler } from '../../kafka/runner/attempts.ts';
import type { Observer } from '../../kafka/runner/observer-runner.ts';
import { trustedConstitutionKeys } from '../../keys/load.ts';
import type { Switches } from '../../slm/kill-switch.ts';
import type { HealthCheck } from '../../telemetry/admin-server.ts';
import type { Logger } from '../../telemetry/logger.ts';

export type ProcessorName =
  | 'policy'
  | 'meter'
  | 'constitution'
  | 'killswitch'
  | 'access'
  | 'identity'
  | 'sessions'
  | 'conversation'
  | 'inference'
  | 'audit';
export type WorkerName = 'slm';
export type ObserverName = 'audit-log';

/** A worker with the handler that touches the outside world for it. */
export interface BoundWorker {
  readonly worker: Worker;
  readonly handler: WorkHandler;
  readonly checks: Readonly<Record<string, HealthCheck>>;
  close(): Promise<void>;
}

/** Every processor, made for this configuration. */
export const processors: Readonly<Record<ProcessorName, (config: Config) => Processor>> = {
  policy: (config) => {
    const { signaturesRequired } = config.constitution;
    const { pricePerMillionTokens } = config.slm;
    return policy(createCedarEngine({ trusted: trustedConstitutionKeys(config), signaturesRequired }), {
      pricePerMillionTokens,
    });
  },
  constitution: (config) => {
    const { signaturesRequired, reviewsRequired } = config.constitution;
    const engine = createLifeEngine({
      trusted: trustedConstitutionKeys(config),
      signaturesRequired,
      failures: (rule, candidate) => failedTests(rule, candidate).map(failureLine),
    });
    return constitution(engine, { reviewsRequired });
  },
  meter: () => meter,
  killswitch: ({ killSwitchTwoPerson: twoPerson }) => killswitch({ twoPerson }),
  access: () => access,
  identity: () => identity,
  sessions: () => sessions,
  conversation: () => conversation,
  inference: () => inference,
  audit: () => audit,
};

/** Every worker, bound to its handler. The provider is loaded only by the process that runs it. */
export const workers: Readonly<Record<WorkerName, (config: Config, switches: Switches) => Promise<BoundWorker>>> = {
  slm: async (config, switches) => {
    const { createProvider } = await import('../../providers/create.ts');
    const { createSlmHandler } = await import('../../slm/handler.ts');
    const { slm: settings } = config;
    const provider = await createProvider({
      provider: settings.provider,
      modelPath: settings.modelPath ?? undefined,
      baseUrl: settings.baseUrl ?? undefined,
      apiKey: settings.apiKey ?? undefined,
      model: settings.model ?? undefined,
      timeoutMs: settings.timeoutMs,
      firstTokenTimeoutMs: settings.firstTokenTimeoutMs,
      deterministicDelayMs: settings.deterministicDelayMs,
    });
    return {
      worker: slm,
      handler: createSlmHandler(provider, {
        pricePerMillionTokens: settings.pricePerMillionTokens,
        currency: settings.currency,
        switches,
        now: Date.now,
      }),
      checks: { provider: () => provider.health() },
      close: () => provider.close(),
    };
  },
};

/** Every observer. */
export const observers: Readonly<Record<ObserverName, (logger: Logger) => Observer>> = { 'audit-log': auditLog };

export const isProcessor = (name: string): name is ProcessorName => Object.hasOwn(processors, name);
export const isWorker = (name: string): name is WorkerName => Object.hasOwn(workers, name);
export const isObserver = (name: string): name is ObserverName => Object.hasOwn(observers, name);
