import type { Schemas } from '../../../../infra/client/api.ts';
import { api, read } from '../api/client.ts';
import { Mark } from '../parts/mark.tsx';
import { Page, Section } from '../parts/page.tsx';
import { PageTurns } from '../parts/page-turns.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import { Table } from '../parts/table.tsx';
import { usePages } from '../parts/use-pages.ts';
import { whenText } from '../state/schedules.ts';
import { count, dateTime } from '../state/text.ts';

type Summary = Schemas['ScheduleSummary'];

const EVERY_MS = 5_000;

const columns = [
  {
    head: 'schedule',
    cell: ({ schedule_id: id }: Summary) => <a href={`/console/schedules/${encodeURIComponent(id)}`}>{id}</a>,
  },
  { head: 'state', cell: ({ status }: Summary) => <Mark state={status} /> },
  { head: 'type', cell: ({ type }: Summary) => type },
  { head: 'when', cell: whenText },
  { head: 'beside a running job', cell: ({ overlap }: Summary) => overlap },
  { head: 'next', cell: ({ next_due_at: at }: Summary) => (at === null ? '' : dateTime(at)) },
  { head: 'waiting', kind: 'number' as const, cell: ({ waiting }: Summary) => count(waiting) },
  { head: 'note', cell: ({ note }: Summary) => note },
];

/** The schedules of the tenant, newest first. */
export function SchedulesPage() {
  const { page, next, previous } = usePages(
    'schedules',
    (cursor) => read(api.GET('/v1/schedules', { params: { query: cursor === undefined ? {} : { cursor } } })),
    EVERY_MS,
  );
  return (
    <Page title="Schedules" lead="Each starts jobs at its times; every start is decided anew.">
      <Section title="Newest first">
        <Loaded of={page} what="schedules">
          {({ items }) =>
            items.length === 0 ? (
              <Empty>
                No schedule yet. <code>khipu schedules put</code> defines one.
              </Empty>
            ) : (
              <Table caption="Schedules" rows={items} keyOf={(row) => row.schedule_id} columns={columns} />
            )
          }
        </Loaded>
        <PageTurns previous={previous} next={next} />
      </Section>
    </Page>
  );
}
