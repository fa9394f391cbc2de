import { useLocation } from 'preact-iso/router';
import type { Schemas } from '../../../../infra/client/api.ts';
import { api, read } from '../api/client.ts';
import { Field, textField } from '../parts/field.tsx';
import { Mark } from '../parts/mark.tsx';
import { Page, Section } from '../parts/page.tsx';
import { PageTurns } from '../parts/page-turns.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import { Table } from '../parts/table.tsx';
import { usePages } from '../parts/use-pages.ts';
import { count, dateTime, shortId } from '../state/text.ts';

type Summary = Schemas['SessionSummary'];

const EVERY_MS = 5_000;

const tokensOf = ({ tokens_consumed: { prompt, completion } }: Summary): number => prompt + completion;

const columns = [
  { head: 'began', cell: ({ created_at: at }: Summary) => (at === null ? '' : dateTime(at)) },
  {
    head: 'session',
    cell: ({ session_id: id }: Summary) => (
      <a class="mono" href={`/console/sessions/${id}`} title={id}>
        {shortId(id)}
      </a>
    ),
  },
  { head: 'state', cell: ({ status }: Summary) => <Mark state={status} /> },
  { head: 'persona', cell: ({ persona }: Summary) => persona ?? '' },
  {
    head: 'decision',
    cell: ({ decision }: Summary) => (decision === null ? '' : `${decision.reasons[0] ?? decision.outcome}`),
  },
  { head: 'score', kind: 'number' as const, cell: ({ decision }: Summary) => decision?.score.toFixed(3) ?? '' },
  { head: 'turns', kind: 'number' as const, cell: ({ turn_count: turns }: Summary) => count(turns) },
  { head: 'tokens', kind: 'number' as const, cell: (session: Summary) => count(tokensOf(session)) },
];

/** A way to a session by its id, such as one from a log or a problem. */
function FindSession() {
  const { route } = useLocation();
  const find = (event: SubmitEvent): void => {
    event.preventDefault();
    const id = textField(event.currentTarget as HTMLFormElement, 'id');
    if (id !== '') route(`/console/sessions/${encodeURIComponent(id)}`);
  };
  return (
    <form class="find" onSubmit={find}>
      <Field label="Session id">
        <input name="id" autocomplete="off" spellcheck={false} required />
      </Field>
      <button type="submit">Open</button>
    </form>
  );
}

/** The sessions of the tenant, newest first, allowed and refused ones. */
export function SessionsPage() {
  const { page, next, previous } = usePages(
    'sessions',
    (cursor) => read(api.GET('/v1/sessions', { params: { query: cursor === undefined ? {} : { cursor } } })),
    EVERY_MS,
  );
  return (
    <Page title="Sessions" lead="Each started, or was refused, under a decision." aside={<FindSession />}>
      <Section title="Newest first">
        <Loaded of={page} what="sessions">
          {({ items }) =>
            items.length === 0 ? (
              <Empty>No session yet.</Empty>
            ) : (
              <Table caption="Sessions" rows={items} keyOf={(row) => row.session_id} columns={columns} />
            )
          }
        </Loaded>
        <PageTurns previous={previous} next={next} />
      </Section>
    </Page>
  );
}
