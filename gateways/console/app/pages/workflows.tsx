import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import type { Schemas } from '../../../../infra/client/api.ts';
import { api, read } from '../api/client.ts';
import { Choose } from '../parts/choose.tsx';
import { ImportTemplate } from '../parts/import-template.tsx';
import { Mark } from '../parts/mark.tsx';
import { Page, Section } from '../parts/page.tsx';
import { PageTurns } from '../parts/page-turns.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import { Table } from '../parts/table.tsx';
import { usePages } from '../parts/use-pages.ts';
import { may } from '../state/session.ts';
import { dateTime, duration, shortId } from '../state/text.ts';

type Template = Schemas['TemplateSummary'];
type Run = Schemas['WorkflowRunSummary'];

const EVERY_MS = 5_000;

/** Statuses in the order in which a person looks for them. */
const STATUSES: readonly Run['status'][] = [
  ...(['running', 'queued', 'waiting', 'paused', 'suspended', 'failed', 'dead', 'cancelled', 'completed'] as const),
];

const TemplateLink = ({ name }: { readonly name: string }) => (
  <a href={`/console/workflows/templates/${encodeURIComponent(name)}`}>{name}</a>
);

const Digest = ({ of }: { readonly of: string }) => (
  <span class="mono" title={of}>
    {shortId(of)}
  </span>
);

const templateColumns = [
  { head: 'template', cell: ({ template }: Template) => <TemplateLink name={template} /> },
  { head: 'version', cell: ({ version }: Template) => version },
  { head: 'digest', cell: ({ digest }: Template) => <Digest of={digest} /> },
  { head: 'imported by', cell: ({ imported_by: by }: Template) => by },
  { head: 'changed', cell: ({ changed_at: at }: Template) => dateTime(at) },
];

const tookOf = ({ created_at: from, ended_at: to }: Run): string =>
  from === null || to === null ? '' : duration(Date.parse(to) - Date.parse(from));

const runColumns = [
  { head: 'began', cell: ({ created_at: at }: Run) => (at === null ? '' : dateTime(at)) },
  {
    head: 'run',
    cell: ({ run_id: id }: Run) => (
      <a class="mono" href={`/console/workflows/runs/${id}`} title={id}>
        {shortId(id)}
      </a>
    ),
  },
  {
    head: 'template',
    cell: ({ template }: Run) => (template === null ? 'a document' : <TemplateLink name={template} />),
  },
  { head: 'state', cell: ({ status }: Run) => <Mark state={status} /> },
  { head: 'reason', cell: ({ code }: Run) => code ?? '' },
  { head: 'took', kind: 'number' as const, cell: tookOf },
];

function Templates() {
  const { route } = useLocation();
  const { page, next, previous } = usePages(
    'templates',
    (cursor) => read(api.GET('/v1/templates', { params: { query: cursor === undefined ? {} : { cursor } } })),
    EVERY_MS,
  );
  const open = (name: string): void => route(`/console/workflows/templates/${encodeURIComponent(name)}`);
  return (
    <Section title="Templates" actions={may('workflows:import') && <ImportTemplate onDone={open} />}>
      <Loaded of={page} what="templates">
        {({ items }) =>
          items.length === 0 ? (
            <Empty>
              No template yet. <code>khipu templates import</code> imports one.
            </Empty>
          ) : (
            <Table caption="Templates" rows={items} keyOf={({ template }) => template} columns={templateColumns} />
          )
        }
      </Loaded>
      <PageTurns previous={previous} next={next} />
    </Section>
  );
}

function Runs() {
  const [status, setStatus] = useState<Run['status'] | ''>('');
  const { page, next, previous } = usePages(
    `workflow runs ${status}`,
    (cursor) => {
      const query = { ...(status !== '' && { status }), ...(cursor !== undefined && { cursor }) };
      return read(api.GET('/v1/runs', { params: { query } }));
    },
    EVERY_MS,
  );
  return (
    <Section title="Runs" note="the newest first">
      <div class="find">
        <Choose
          label="State"
          value={status}
          options={STATUSES}
          onChoose={(value) => setStatus(value as Run['status'] | '')}
        />
      </div>
      <Loaded of={page} what="runs">
        {({ items }) =>
          items.length === 0 ? (
            <Empty>No such run.</Empty>
          ) : (
            <Table caption="Runs" rows={items} keyOf={({ run_id: id }) => id} columns={runColumns} />
          )
        }
      </Loaded>
      <PageTurns previous={previous} next={next} />
    </Section>
  );
}

/** The templates of the tenant, and the runs of workflows. */
export const WorkflowsPage = () => (
  <Page title="Workflows" lead="Graphs of tools, agents, models, waits and jobs, each node governed.">
    {may('workflows:read') && <Templates />}
    <Runs />
  </Page>
);
