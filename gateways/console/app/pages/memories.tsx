import { useState } from 'preact/hooks';
import type { Schemas } from '../../../../infra/client/api.ts';
import { api, read } from '../api/client.ts';
import { Field, textField } from '../parts/field.tsx';
import { Mark } from '../parts/mark.tsx';
import { Page, Section } from '../parts/page.tsx';
import { PageTurns } from '../parts/page-turns.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import { Table } from '../parts/table.tsx';
import { usePages } from '../parts/use-pages.ts';
import { useResource } from '../parts/use-resource.ts';
import { beginning, instantOf, type RecallAsked, recallOf, recallText } from '../state/memories.ts';
import { count, dateTime, shortId } from '../state/text.ts';

type Memory = Schemas['Memory'];
type Recalled = Schemas['RecalledMemory'];

const EVERY_MS = 5_000;

const MemoryLink = ({ memory: { memory_id: id } }: { readonly memory: Memory }) => (
  <a class="mono" href={`/console/memory/${id}`} title={id}>
    {shortId(id)}
  </a>
);

const columns = [
  { head: 'kept', cell: ({ remembered_at: at }: Memory) => (at === null ? '' : dateTime(at)) },
  { head: 'memory', cell: (memory: Memory) => <MemoryLink memory={memory} /> },
  { head: 'state', cell: ({ status }: Memory) => <Mark state={status} /> },
  { head: 'text', cell: ({ text }: Memory) => <span title={text}>{beginning(text)}</span> },
  { head: 'tags', cell: ({ tags }: Memory) => tags.join(', ') },
  { head: 'labels', cell: ({ labels }: Memory) => labels.join(', ') },
  { head: 'by', cell: ({ principal }: Memory) => principal },
];

const recalledColumns = [
  { head: 'score', kind: 'number' as const, cell: ({ score }: Recalled) => score.toFixed(3) },
  { head: 'memory', cell: ({ payload }: Recalled) => <MemoryLink memory={payload} /> },
  { head: 'text', cell: ({ payload: { text } }: Recalled) => <span title={text}>{beginning(text)}</span> },
  { head: 'tags', cell: ({ payload: { tags } }: Recalled) => tags.join(', ') },
  { head: 'labels', cell: ({ payload: { labels } }: Recalled) => labels.join(', ') },
  {
    head: 'kept',
    cell: ({ payload: { remembered_at: at } }: Recalled) => (at === null ? '' : dateTime(at)),
  },
];

interface RecallBoxProps {
  readonly space: string;
  readonly onAsk: (asked: RecallAsked | null) => void;
  readonly onSpace: (space: string) => void;
}

/** What to look for, and as of when. */
function RecallBox({ space, onAsk, onSpace }: RecallBoxProps) {
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const inSpace = textField(form, 'space');
    onSpace(inSpace);
    const query = textField(form, 'query');
    onAsk(query === '' ? null : { query, space: inSpace, asOf: instantOf(textField(form, 'as_of')) });
  };
  return (
    <form class="trial" onSubmit={submit}>
      <Field label="What to recall" hint="Empty: the memories of the space, the newest first.">
        <input name="query" maxLength={8_000} autocomplete="off" />
      </Field>
      <div class="form-row">
        <Field label="Space">
          <input name="space" required defaultValue={space} spellcheck={false} pattern="[a-z0-9][a-z0-9._\-]{0,127}" />
        </Field>
        <Field label="As of">
          <input name="as_of" type="datetime-local" step="1" />
        </Field>
        <button type="submit" class="primary">
          Recall
        </button>
      </div>
    </form>
  );
}

/** The memories that are nearest to a text. */
function Nearest({ asked }: { readonly asked: RecallAsked }) {
  const found = useResource(`recall ${JSON.stringify(asked)}`, () =>
    read(api.POST('/v1/memory/recall', { body: recallOf(asked) })),
  );
  return (
    <Section title="The nearest first" note={recallText(asked)}>
      <Loaded of={found} what="memories">
        {({ memory, compared, model }) => (
          <>
            <p class="quiet">
              {count(compared)} compared, by {model}
            </p>
            {memory.length === 0 ? (
              <Empty>No memory of this space is known then.</Empty>
            ) : (
              <Table
                caption="Recalled memories"
                rows={memory}
                keyOf={({ payload }) => payload.memory_id}
                columns={recalledColumns}
              />
            )}
          </>
        )}
      </Loaded>
    </Section>
  );
}

/** The memories of a space, the newest first. */
function Newest({ space }: { readonly space: string }) {
  const { page, next, previous } = usePages(
    `memories ${space}`,
    (cursor) =>
      read(api.GET('/v1/memory/memories', { params: { query: { space, ...(cursor !== undefined && { cursor }) } } })),
    EVERY_MS,
  );
  return (
    <Section title="Newest first" note={`space ${space}`}>
      <Loaded of={page} what="memories">
        {({ items }) =>
          items.length === 0 ? (
            <Empty>
              No memory in this space. <code>khipu memory remember</code> keeps one.
            </Empty>
          ) : (
            <Table caption="Memories" rows={items} keyOf={(row) => row.memory_id} columns={columns} />
          )
        }
      </Loaded>
      <PageTurns previous={previous} next={next} />
    </Section>
  );
}

/** Memories of a space: recalled by meaning, now or as of a moment, or all of them. */
export function MemoriesPage() {
  const [space, setSpace] = useState('shared');
  const [asked, setAsked] = useState<RecallAsked | null>(null);
  return (
    <Page title="Memory" lead="Texts that agents and people keep, and recall by meaning.">
      <Section title="Recall">
        <RecallBox space={space} onAsk={setAsked} onSpace={setSpace} />
      </Section>
      {asked === null ? <Newest key={space} space={space} /> : <Nearest asked={asked} />}
    </Page>
  );
}
