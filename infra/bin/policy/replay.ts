import { decideAgain, type NotAgain } from '../../../streams/policy/replay.ts';
import type { CedarEngine } from '../../governance/cedar/engine.ts';
import type { RecordDecoder } from '../../kafka/decode.ts';
import type { Decoded } from '../../kafka/envelope.ts';
import type { Log } from '../../kafka/port.ts';
import { readConstitutions, readDecisions } from './decisions.ts';

/** The result of recomputing recorded decisions. */
export interface ReplayReport {
  readonly decisions: number;
  /** Decisions with identical bytes. */
  readonly equal: number;
  /** Decisions with other bytes: the log was changed, or the evaluator is not the version that it claims to be. */
  readonly different: number;
  /** Decisions that could not be recomputed, by reason. */
  readonly notAgain: Readonly<Record<NotAgain, number>>;
  readonly seconds: number;
  readonly examples: readonly Difference[];
}

/** A decision whose recomputed bytes differ from the recorded ones. */
export interface Difference {
  readonly decisionId: string;
  /** `topic/partition/offset`. */
  readonly position: string;
  readonly recorded: unknown;
  readonly again: unknown;
}

const EXAMPLES_MAX = 10;

/** Recomputes every recorded decision, at most `limit`, under the rules that were in force then, and compares byte for byte. */
export async function replayDecisions(
  log: Log,
  decoder: RecordDecoder,
  engine: CedarEngine,
  options: { readonly limit: number; readonly onProgress: (decisions: number) => void },
): Promise<ReplayReport> {
  const constitutions = await readConstitutions(log, decoder, engine.verify);
  const began = performance.now();
  const notAgain = { 'other-evaluator': 0, 'command-unknown': 0, 'constitution-unknown': 0 };
  const examples: Difference[] = [];
  let decisions = 0;
  let equal = 0;
  let different = 0;
  await readDecisions(log, decoder, ({ record, meta }) => {
    if (record.type !== 'PolicyDecided') return true;
    decisions += 1;
    options.onProgress(decisions);
    const again = decideAgain(engine.rule, constitutions, { record, meta });
    if (typeof again === 'string') notAgain[again] += 1;
    else if (sameBytes(decoder, { record, meta }, again)) equal += 1;
    else {
      different += 1;
      const position = `${meta.topic}/${meta.partition}/${meta.offset}`;
      const { decision: recorded } = record.data;
      if (examples.length < EXAMPLES_MAX)
        examples.push({ decisionId: recorded.decisionId, position, recorded, again: again.data.decision });
    }
    return decisions < options.limit;
  });
  return { decisions, equal, different, notAgain, seconds: (performance.now() - began) / 1_000, examples };
}

/** Compares the bytes. A record written with an older schema is first encoded again with the current one. */
function sameBytes({ codec }: RecordDecoder, { record, meta }: Decoded, again: Decoded['record']): boolean {
  const bytes = codec.encode(again);
  return bytes.equals(meta.value) || (!sameSchema(bytes, meta.value) && bytes.equals(codec.encode(record)));
}

/** Compares the schema ids of two values in Confluent framing: a zero byte, then the id in four bytes. */
const sameSchema = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a.subarray(0, 5), b.subarray(0, 5)) === 0;
