import { decideAgain, type NotAgain } from '../../../streams/policy/replay.ts';
import { createCedarEngine } from '../../governance/cedar-engine.ts';
import type { RecordDecoder } from '../../kafka/decode.ts';
import type { Decoded } from '../../kafka/envelope.ts';
import type { Log } from '../../kafka/log.ts';
import { readConstitutions, readDecisions } from './decisions.ts';
import type { TrustedKeys } from './what-if.ts';

export interface ReplayReport {
  readonly decisions: number;
  /** The same bytes came out. */
  readonly equal: number;
  /** Other bytes came out: the log was changed, or the evaluator is not what it says. */
  readonly different: number;
  readonly notAgain: Readonly<Record<NotAgain, number>>;
  readonly seconds: number;
  readonly examples: readonly Difference[];
}

export interface Difference {
  readonly decisionId: string;
  readonly place: string;
  readonly recorded: unknown;
  readonly again: unknown;
}

const EXAMPLES_MAX = 10;

/** Decides every recorded decision again, with what was in force then, and compares byte for byte. */
export async function replayDecisions(
  log: Log,
  decoder: RecordDecoder,
  trusted: TrustedKeys,
  options: { readonly limit: number; readonly onProgress: (decisions: number) => void },
): Promise<ReplayReport> {
  const engine = createCedarEngine({ trusted });
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
      const place = `${meta.topic}/${meta.partition}/${meta.offset}`;
      const { decision: recorded } = record.data;
      if (examples.length < EXAMPLES_MAX)
        examples.push({ decisionId: recorded.decisionId, place, recorded, again: again.data.decision });
    }
    return decisions < options.limit;
  });
  return { decisions, equal, different, notAgain, seconds: (performance.now() - began) / 1_000, examples };
}

/** A record that an older schema wrote is compared as our schema would write it. */
function sameBytes({ codec }: RecordDecoder, { record, meta }: Decoded, again: Decoded['record']): boolean {
  const bytes = codec.encode(again);
  return bytes.equals(meta.value) || (!sameSchema(bytes, meta.value) && bytes.equals(codec.encode(record)));
}

/** Confluent framing: a zero byte and the id of the schema, four bytes. */
const sameSchema = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a.subarray(0, 5), b.subarray(0, 5)) === 0;
