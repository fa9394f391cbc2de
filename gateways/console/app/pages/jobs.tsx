import { useState } from 'preact/hooks';
import type { Schemas } from '../../../../infra/client/api.ts';
import { api, read } from '../api/client.ts';
import { Choose } from '../parts/choose.tsx';
import { JobLink } from '../parts/job-link.tsx';
import { Mark } from '../parts/mark.tsx';
import { Page, Section } from '../parts/page.tsx';
import { PageTurns } from '../parts/page-turns.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import { Table } from '../parts/table.tsx';
import { usePages } from '../parts/use-pages.ts';
import { useResource } from '../parts/use-resource.ts';
import { count, dateTime } from '../state/text.ts';

type Summary = Schemas['JobSummary'];
type Status = Summary['status'];
type JobType = Schemas['JobTypeList']['items'][number];

const EVERY_MS = 3_000;

/** Statuses in the order in which a person looks for them. */
const STATUSES: readonly Status[] = [
  ...(['running', 'queued', 'waiting', 'paused', 'suspended', 'failed', 'dead', 'cancelled', 'completed'] as const),
];

const progressOf = ({ progress }: Summary): string =>
  progress === null
    ? ''
    : [progress.percent === null ? '' : `${Math.round(progress.percent)} %`, progress.message]
        .filter((part) => part !== '')
        .join(', ');

const columns = [
  { head: 'began', cell: ({ created_at: at }: Summary) => (at === null ? '' : dateTime(at)) },
  {
    head: 'job',
    cell: ({ job_id: id }: Summary) => <JobLink id={id} />,
  },
  { head: 'type', cell: ({ type, simulated }: Summary) => (simulated ? `${type}, simulated` : type) },
  { head: 'state', cell: ({ status }: Summary) => <Mark state={status} /> },
  { head: 'progress', cell: progressOf },
  {
    head: 'reason',
    cell: ({ code, detail }: Summary) => (code === null ? '' : <span title={detail ?? ''}>{code}</span>),
  },
  { head: 'lane', cell: ({ lane }: Summary) => lane },
  { head: 'tags', cell: ({ tags }: Summary) => tags.join(', ') },
  { head: 'runs', kind: 'number' as const, cell: ({ generation }: Summary) => count(generation) },
];

const typeColumns = [
  { head: 'type', cell: ({ type }: JobType) => <code>{type}</code> },
  { head: 'version', kind: 'number' as const, cell: ({ version }: JobType) => count(version) },
  { head: 'what it does', cell: ({ title }: JobType) => title },
  { head: 'queue', cell: ({ queue }: JobType) => queue },
  { head: 'registered', cell: ({ registered_at: at }: JobType) => dateTime(at) },
];

interface Filters {
  readonly status: Status | '';
  readonly type: string;
}

/** The types that workers have registered. */
function Types({ items }: { readonly items: readonly JobType[] }) {
  if (items.length === 0)
    return (
      <Empty>
        No worker has registered a type. <code>khipu run worker ./my-jobs.ts</code> does.
      </Empty>
    );
  return <Table caption="Types" rows={items} keyOf={({ type }) => type} columns={typeColumns} />;
}

/** The jobs of the tenant, newest first, and the types that workers run. */
export function JobsPage() {
  const [{ status, type }, setFilters] = useState<Filters>({ status: '', type: '' });
  const types = useResource('job-types', () => read(api.GET('/v1/job-types')), { everyMs: EVERY_MS * 10 });
  const where = { ...(status !== '' && { status }), ...(type !== '' && { type }) };
  const { page, next, previous } = usePages(
    `jobs ${status} ${type}`,
    (cursor) => read(api.GET('/v1/jobs', { params: { query: { ...where, ...(cursor !== undefined && { cursor }) } } })),
    EVERY_MS,
  );
  const aside = (
    <div class="find">
      <Choose
        label="State"
        value={status}
        options={STATUSES}
        onChoose={(value) => setFilters({ type, status: value as Filters['status'] })}
      />
      <Choose
        label="Type"
        value={type}
        options={(types.data?.items ?? []).map((one) => one.type)}
        onChoose={(value) => setFilters({ status, type: value })}
      />
    </div>
  );
  return (
    <Page title="Jobs" lead="Code whose finished steps survive the process that ran them." aside={aside}>
      <Section title="Newest first">
        <Loaded of={page} what="jobs">
          {({ items }) =>
            items.length === 0 ? (
              <Empty>No such job.</Empty>
            ) : (
              <Table caption="Jobs" rows={items} keyOf={(row) => row.job_id} columns={columns} />
            )
          }
        </Loaded>
        <PageTurns previous={previous} next={next} />
      </Section>
      <Section title="Types">
        <Loaded of={types} what="types">
          {({ items }) => <Types items={items} />}
        </Loaded>
      </Section>
    </Page>
  );
}
