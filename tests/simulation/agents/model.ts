import { HANDOFF } from '../../../schemas/contexts/agents.ts';
import { type SlmRequested, slmCompleted, slmFailed } from '../../../schemas/generated/records.ts';
import type { AnyRecord, Meta, RecordOf } from '../../../streams/kernel.ts';
import { Random } from '../random.ts';

const STEPS = 4;
/** Amounts; policy refuses the last one. */
export const amounts = ['one', 'two', 'one', 'two', 'one', 'two', 'three', 'three', 'three', 'gold'] as const;

interface Waiting {
  readonly request: SlmRequested;
  readonly meta: Meta;
}

/** Returns the numbers of a text, as seeds. */
const seedsOf = (text: string): readonly number[] => [...text].map((letter) => letter.charCodeAt(0));

/** A model that plays a script: its answer to a request is a function of the id of the request. */
export class ScriptedModel {
  readonly #random: Random;
  readonly #append: (record: AnyRecord, cause: Meta) => void;
  #waiting: Waiting[] = [];

  constructor(random: Random, append: (record: AnyRecord, cause: Meta) => void) {
    this.#random = random;
    this.#append = append;
  }

  take(record: AnyRecord, meta: Meta): void {
    if (record.type === 'SlmRequested') this.#waiting.push({ request: record.data, meta });
  }

  /** Answers one request; sometimes twice, as a worker does that was taken over after its answer. Returns false without one. */
  answer(): boolean {
    if (this.#waiting.length === 0) return false;
    const { request, meta } = this.#random.pick(this.#waiting);
    if (!this.#random.chance(0.2)) this.#waiting = this.#waiting.filter((each) => each.request !== request);
    this.#append(answerTo(request), meta);
    return true;
  }
}

function answerTo(request: SlmRequested): RecordOf<'SlmCompleted' | 'SlmFailed'> {
  const { subjectId, origin, requestId } = request;
  const of = { subjectId, origin, requestId, attempt: 1 };
  const random = new Random(...seedsOf(requestId));
  if (random.chance(0.04)) return slmFailed({ ...of, code: 'SLM_UNAVAILABLE', detail: 'no', refusal: null });
  const step = Number(requestId.split('/')[1]);
  const count = step >= STEPS || random.chance(0.2) ? 0 : random.between(1, 3);
  const toolCalls = Array.from({ length: count }, (_, nth) => ({ id: `c${nth}`, ...callIn(request, random) }));
  return slmCompleted({
    moderation: null,
    ...{ ...of, text: count === 0 ? 'done' : '', modelId: 'm', finishReason: count === 0 ? 'stop' : 'tool_calls' },
    ...{ toolCalls, tokensConsumed: { prompt: 1, completion: 1 }, latencyMs: 1, cost: null },
  });
}

function callIn({ tools }: SlmRequested, random: Random): { readonly name: string; readonly arguments: string } {
  if (tools.length === 0 || random.chance(0.04)) return { name: 'none', arguments: '{}' };
  const { name } = random.pick(tools);
  return { name, arguments: JSON.stringify(argumentsOf(name, tools, random)) };
}

function argumentsOf(name: string, tools: SlmRequested['tools'], random: Random): object {
  if (name === HANDOFF.replaceAll('.', '_'))
    return { prompt: 'go on', tools: tools.map((tool) => tool.name).filter(() => random.chance(0.6)) };
  if (name === 'khipu_memory') return { action: 'remember', text: random.pick(amounts) };
  return { amount: random.pick(amounts) };
}
