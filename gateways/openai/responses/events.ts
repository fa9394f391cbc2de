import { callItem, type StoredItem } from './items.ts';
import { bodyOf, type ResponseEnd, type ResponseView } from './view.ts';

type Event = { readonly type: string } & Readonly<Record<string, unknown>>;

/** Number of the first event of an answer's text, and of those before it. */
const CREATED = 0;
const IN_PROGRESS = 1;
const ITEM_ADDED = 2;
const PART_ADDED = 3;
/** Events of the end of a text, and of each call. */
const TEXT_ENDS = 3;
const CALL_EVENTS = 4;

/**
 * The events of a response, each with a `sequence_number` that derives from its place in the log: a piece of text that ends
 * after n UTF-16 units of the answer has 3 + n, the events after the text follow its whole length. So any gateway continues a
 * stream after any number, whatever pieces it gets the text in. Numbers rise; they are not dense.
 *
 * @param after number of the last event that the client has; -1 for a new stream.
 */
export class ResponseEvents {
  readonly #view: ResponseView;
  readonly #after: number;
  #shown = 0;
  #began = false;

  constructor(view: ResponseView, after: number) {
    this.#view = view;
    this.#after = after;
  }

  /** Returns the frames before the answer. */
  begin(): string {
    const response = bodyOf({ ...this.#view, end: null });
    return (
      this.#frame(CREATED, { type: 'response.created', response: { ...response, status: this.#view.status } }) +
      this.#frame(IN_PROGRESS, { type: 'response.in_progress', response: { ...response, status: 'in_progress' } })
    );
  }

  /** Returns the frames of the next piece of the text: only what the client lacks of it. */
  text(piece: string): string {
    if (piece === '') return '';
    const opened = this.#open();
    const start = this.#shown;
    this.#shown += piece.length;
    const delta = piece.slice(Math.max(0, this.#after - PART_ADDED - start));
    return (
      opened +
      this.#frame(PART_ADDED + this.#shown, { type: 'response.output_text.delta', ...this.#part, delta, logprobs: [] })
    );
  }

  /** Returns the frames of the end. The text was shown before. */
  end(end: ResponseEnd, completedAt: number): string {
    const view = { ...this.#view, end, completedAt };
    const response = bodyOf(view);
    if (end.kind === 'failed') {
      const number = Math.max(this.#after, PART_ADDED + this.#shown + TEXT_ENDS) + 1;
      return this.#frame(number, { type: 'response.failed', response });
    }
    const hasText = response.output[0]?.type === 'message';
    const message = hasText ? this.#open() + this.#close(response.output[0] as StoredItem, end.text) : '';
    const first = hasText ? PART_ADDED + end.text.length + TEXT_ENDS + 1 : ITEM_ADDED;
    const calls = end.toolCalls.map((call, at) =>
      this.#call(callItem(view.turnId, call, at), (hasText ? 1 : 0) + at, first + CALL_EVENTS * at),
    );
    // The read model does not keep the text of an answer that was refused: its end follows what the client has.
    const least = end.refusal === null ? 0 : Math.max(this.#after, PART_ADDED + this.#shown + TEXT_ENDS) + 1;
    const last = Math.max(first + CALL_EVENTS * calls.length, least);
    const type = response.status === 'incomplete' ? 'response.incomplete' : 'response.completed';
    return message + calls.join('') + this.#frame(last, { type, response });
  }

  get #part() {
    return { item_id: `msg_${this.#view.turnId}`, output_index: 0, content_index: 0 };
  }

  #open(): string {
    if (this.#began) return '';
    this.#began = true;
    const { item_id: id } = this.#part;
    const item = { id, type: 'message', status: 'in_progress', role: 'assistant', content: [] };
    const part = { type: 'output_text', annotations: [], logprobs: [], text: '' };
    return (
      this.#frame(ITEM_ADDED, { type: 'response.output_item.added', output_index: 0, item }) +
      this.#frame(PART_ADDED, { type: 'response.content_part.added', ...this.#part, part })
    );
  }

  #close(item: StoredItem, text: string): string {
    const number = PART_ADDED + text.length;
    const part = { type: 'output_text', annotations: [], logprobs: [], text };
    return (
      this.#frame(number + 1, { type: 'response.output_text.done', ...this.#part, text, logprobs: [] }) +
      this.#frame(number + 2, { type: 'response.content_part.done', ...this.#part, part }) +
      this.#frame(number + 3, { type: 'response.output_item.done', output_index: 0, item })
    );
  }

  #call(item: ReturnType<typeof callItem>, output_index: number, first: number): string {
    const at = { item_id: item.id, output_index };
    const begun = { ...item, status: 'in_progress', arguments: '' };
    const done = { name: item.name, arguments: item.arguments };
    return (
      this.#frame(first, { type: 'response.output_item.added', output_index, item: begun }) +
      this.#frame(first + 1, { type: 'response.function_call_arguments.delta', ...at, delta: item.arguments }) +
      this.#frame(first + 2, { type: 'response.function_call_arguments.done', ...at, ...done }) +
      this.#frame(first + 3, { type: 'response.output_item.done', output_index, item })
    );
  }

  #frame(number: number, event: Event): string {
    if (number <= this.#after) return '';
    return `event: ${event.type}\ndata: ${JSON.stringify({ ...event, sequence_number: number })}\n\n`;
  }
}
