/** Starts the runs of golden sets that a change is a trigger of. */
import { type EvaluationCause, PERSONA_RECHECK } from '../../../schemas/contexts/evaluations.ts';
import { type Personas, personaOf } from '../../../schemas/contexts/personas/library.ts';
import { type GoldenSet, type NoteChange, startJob } from '../../../schemas/generated/records.ts';
import { KHIPU_NAMESPACE, uuidV5 } from '../../../schemas/ids.ts';
import { topics } from '../../../schemas/topics.ts';
import type { RecordOf, WorkContext } from '../../../streams/kernel.ts';
import { modelsDigest, personaOfRun, runInputOf } from '../../evaluations/start.ts';
import type { RecordDecoder } from '../../kafka/decode.ts';
import { toOutgoing, traceparentOfIds } from '../../kafka/envelope.ts';
import { firstPlace } from '../../kafka/first-place.ts';
import type { Appender, Log } from '../../kafka/port.ts';
import type { ModelRegistry } from '../../models/registry/model-registry.ts';

/** What the watcher reads and writes. */
export interface WatcherParts {
  readonly log: Pick<Log, 'appender' | 'partitionCounts'>;
  readonly decoder: Pick<RecordDecoder, 'codec'>;
  readonly models: Pick<ModelRegistry, 'models'>;
  readonly goldenSets: () => ReadonlyMap<string, GoldenSet>;
  readonly personas: () => Personas;
  /** ms since 1970. */
  readonly now: () => number;
}

/** Handles changes. */
export interface Watcher {
  /** Starts the runs of a change. Rejects when another run may help. */
  handle(change: RecordOf<'NoteChange'>, context: Pick<WorkContext, 'meta'>): Promise<void>;
  /** A change that could not be handled starts nothing: the next one of its kind does. */
  abandon(): Promise<void>;
  /** Starts the runs of golden sets whose latest run had other models than this process has. */
  modelsChanged(): Promise<void>;
  close(): Promise<void>;
}

/** Returns whether a change is one of a golden set. */
export function concerns(set: GoldenSet, change: NoteChange, known: Personas): boolean {
  const { cause, tenantId, name, subject } = change;
  if (set.status !== 'kept' || !set.triggers.includes(cause)) return false;
  if (tenantId !== null && tenantId !== set.tenantId) return false;
  switch (cause) {
    case 'persona': {
      // A tenant with a persona of its own does not use that of the platform.
      const used = personaOf(known, set.tenantId, set.persona);
      return name === set.persona && (tenantId !== null || used === undefined || used.entryId === subject);
    }
    case 'tool':
      return set.tools.includes(name);
    default:
      return true;
  }
}

/** Returns the handler of the evaluation-watcher worker. */
export function createWatcher({ log, decoder, models, goldenSets, personas, now }: WatcherParts): Watcher {
  let opened: Promise<Appender> | null = null;
  const digest = modelsDigest(models);

  /** Starts a run of a golden set. `because` names the change: the same one starts one run. `causationId` is its record, if any. */
  async function start(
    set: GoldenSet,
    cause: EvaluationCause,
    because: string,
    causationId: string | null = null,
  ): Promise<void> {
    const { tenantId, goldenSetId, principal, capabilities, credential, labels } = set;
    const persona = personaOf(personas(), tenantId, set.persona);
    // A persona that is removed answers nothing: there is nothing to compare.
    if (persona === undefined || persona.status !== 'active') return;
    const jobId = uuidV5(KHIPU_NAMESPACE, JSON.stringify(['evaluation', goldenSetId, because]));
    const input = runInputOf({ set, persona: personaOfRun(persona), models, cause, principal });
    const command = startJob({
      ...{ jobId, principal, capabilities, credential, type: PERSONA_RECHECK, input: JSON.stringify(input) },
      ...{ runAt: null, deadline: null, lane: 'batch', concurrencyKey: goldenSetId, retry: null },
      ...{ tags: ['evaluation', `cause:${cause}`], labels },
    });
    opened ??= log.appender();
    const { name: topic } = topics.jobsCommands;
    const partitions = (await log.partitionCounts([topic])).get(topic) ?? 1;
    const outgoing = toOutgoing(decoder.codec, {
      ...{ topic, key: jobId, record: command, id: jobId, tenantId, place: firstPlace(tenantId, jobId, partitions) },
      ...{ source: 'khipu/evaluation-watcher', correlationId: jobId, causationId: causationId ?? jobId, timeMs: now() },
      traceparent: traceparentOfIds(jobId, jobId),
    });
    await (await opened).append([outgoing]);
  }

  return {
    async handle({ data: change }, { meta }) {
      const known = personas();
      const concerned = [...goldenSets().values()].filter((set) => concerns(set, change, known));
      for (const set of concerned) await start(set, change.cause as EvaluationCause, meta.id, meta.id);
    },
    abandon: async () => undefined,
    async modelsChanged() {
      const stale = [...goldenSets().values()].filter(
        ({ status, triggers, modelsDigest: of }) =>
          status === 'kept' && triggers.includes('model') && of !== null && of !== digest,
      );
      for (const set of stale) await start(set, 'model', digest);
    },
    close: async () => {
      await (await opened)?.close();
    },
  };
}
