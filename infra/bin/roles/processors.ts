import type { Registry } from 'prom-client';
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
import { policyEngine } from '../../../streams/policy-engine/policy-engine.ts';
import { sessions } from '../../../streams/sessions/sessions.ts';
import { slm } from '../../../streams/slm/slm.ts';
import { auditLog } from '../../audit/audit-log.ts';
import type { Config } from '../../config.ts';
import { ConfigError } from '../../config-error.ts';
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
export type WorkerName = 'slm' | 'policy-engine';
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
      asksEngine: config.policyEngine !== null,
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

/** Where workers run: the switches that they mind, the metrics that they tell. */
export interface WorkerPlace {
  readonly switches: Switches;
  readonly register: Registry;
}

/** Every worker, bound to its handler. What it takes to reach the outside is loaded only by the process that runs it. */
export const workers: Readonly<Record<WorkerName, (config: Config, place: WorkerPlace) => Promise<BoundWorker>>> = {
  slm: async (config, { switches }) => {
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
  // It minds no switch: policy decides on the answer, by the switches of that moment.
  'policy-engine': async ({ policyEngine: settings }, { register }) => {
    const { createEngineClient } = await import('../../policy-engine/client.ts');
    const { createPolicyEngineHandler } = await import('../../policy-engine/handler.ts');
    const { createEngineMetrics } = await import('../../policy-engine/metrics.ts');
    if (settings === null)
      throw new ConfigError('KHIPU_POLICY_ENGINE_URL: expected the URL of an engine, as policy-engine is to run');
    const engine = createEngineClient(settings, createEngineMetrics(register));
    return {
      worker: policyEngine,
      handler: createPolicyEngineHandler(engine),
      checks: { engine: () => engine.health() },
      close: async () => undefined,
    };
  },
};

/** Every observer. */
export const observers: Readonly<Record<ObserverName, (logger: Logger) => Observer>> = { 'audit-log': auditLog };

export const isProcessor = (name: string): name is ProcessorName => Object.hasOwn(processors, name);
export const isWorker = (name: string): name is WorkerName => Object.hasOwn(workers, name);
export const isObserver = (name: string): name is ObserverName => Object.hasOwn(observers, name);
