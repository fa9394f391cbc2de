import { useState } from 'preact/hooks';
import type { Schemas } from '../../../../infra/client/api.ts';
import { api, read, write } from '../api/client.ts';
import { Choose } from '../parts/choose.tsx';
import { Command } from '../parts/command.tsx';
import { Mark } from '../parts/mark.tsx';
import { Page, Section } from '../parts/page.tsx';
import { PageTurns } from '../parts/page-turns.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import { Table } from '../parts/table.tsx';
import { usePages } from '../parts/use-pages.ts';
import { useResource } from '../parts/use-resource.ts';
import { may, mayAny } from '../state/session.ts';
import { count, dateTime, shortId } from '../state/text.ts';

type Summary = Schemas['ApprovalSummary'];
type Status = Summary['status'];
type Grant = Schemas['ApprovalGrant'];

const EVERY_MS = 2_000;
const STATUSES: readonly Status[] = ['waiting', 'granted', 'rejected', 'expired'];
/** Tools that the filter offers. */
const TOOLS_MAX = 200;

const columns = [
  { head: 'asked', cell: ({ created_at: at }: Summary) => (at === null ? '' : dateTime(at)) },
  {
    head: 'approval',
    cell: ({ approval_id: id }: Summary) => (
      <a class="mono" href={`/console/approvals/${id}`} title={id}>
        {shortId(id)}
      </a>
    ),
  },
  { head: 'tool', cell: ({ tool }: Summary) => <code>{tool}</code> },
  { head: 'state', cell: ({ status }: Summary) => <Mark state={status} /> },
  { head: 'effect', cell: ({ effect }: Summary) => effect ?? '' },
  { head: 'asked by', cell: ({ principal }: Summary) => principal ?? '' },
  {
    head: 'approvals',
    kind: 'number' as const,
    cell: ({ given, required }: Summary) => `${count(given)} of ${count(required)}`,
  },
  { head: 'expires', cell: ({ expires_at: at }: Summary) => (at === null ? '' : dateTime(at)) },
];

interface Filters {
  readonly status: Status | '';
  readonly tool: string;
  /** Only approvals that the caller may decide on. */
  readonly mine: boolean;
}

interface FilterProps {
  readonly filters: Filters;
  readonly onChange: (filters: Filters) => void;
}

function Find({ filters, onChange }: FilterProps) {
  const tools = useResource('tools', () => read(api.GET('/v1/tools', { params: { query: { limit: TOOLS_MAX } } })), {
    when: may('tool:read'),
  });
  return (
    <div class="find">
      <Choose
        label="State"
        value={filters.status}
        options={STATUSES}
        onChoose={(status) => onChange({ ...filters, status: status as Filters['status'] })}
      />
      {tools.data !== null && (
        <Choose
          label="Tool"
          value={filters.tool}
          options={tools.data.items.map(({ name }) => name)}
          onChoose={(tool) => onChange({ ...filters, tool })}
        />
      )}
      <label class="choice">
        <input
          type="checkbox"
          checked={filters.mine}
          onChange={({ currentTarget }) => onChange({ ...filters, mine: currentTarget.checked })}
        />{' '}
        Mine to decide
      </label>
    </div>
  );
}

const revoke = (id: string) =>
  write((header) => api.DELETE('/v1/approval-grants/{grant_id}', { params: { path: { grant_id: id }, header } }));

const grantColumns = [
  { head: 'given', cell: ({ created_at: at }: Grant) => (at === null ? '' : dateTime(at)) },
  { head: 'tool', cell: ({ tool }: Grant) => <code>{tool}</code> },
  { head: 'state', cell: ({ status }: Grant) => <Mark state={status} /> },
  { head: 'calls of', cell: ({ initiator }: Grant) => initiator ?? '' },
  {
    head: 'in',
    cell: ({ session_id: session }: Grant) =>
      session === null ? 'calls outside sessions' : <span title={session}>session {shortId(session)}</span>,
  },
  { head: 'given by', cell: ({ principal }: Grant) => principal ?? '' },
  {
    head: 'arguments',
    cell: ({ shape }: Grant) => (shape === null ? 'the approved ones' : <code>{JSON.stringify(shape)}</code>),
  },
  {
    head: 'calls',
    kind: 'number' as const,
    cell: ({ uses, uses_max: max }: Grant) => `${count(uses)} of ${count(max)}`,
  },
  { head: 'until', cell: ({ until }: Grant) => (until === null ? '' : dateTime(until)) },
  { head: 'ended by', cell: ({ code, ended_by: by }: Grant) => by ?? code ?? '' },
];

/** The grants of the tenant; an active one can be revoked. */
function Grants() {
  const grants = usePages(
    'grants',
    (cursor) => read(api.GET('/v1/approval-grants', { params: { query: cursor === undefined ? {} : { cursor } } })),
    EVERY_MS,
  );
  const commands = {
    head: 'command',
    cell: ({ grant_id: id, status }: Grant) =>
      status === 'active' && <Command does="Revoke" isFinal send={() => revoke(id)} onDone={grants.page.reload} />,
  };
  const shown = may('approval:decide') || mayAny('approval:decide') ? [...grantColumns, commands] : grantColumns;
  return (
    <Section
      title="Grants"
      note="like calls of a session, or of a caller outside sessions, run without a further approval"
    >
      <Loaded of={grants.page} what="grants">
        {({ items }) =>
          items.length === 0 ? (
            <Empty>No grant has been given.</Empty>
          ) : (
            <Table caption="Grants" rows={items} keyOf={(row) => row.grant_id} columns={shown} />
          )
        }
      </Loaded>
      <PageTurns previous={grants.previous} next={grants.next} />
    </Section>
  );
}

/** The calls that wait for people, the ended ones, and the grants that save approvals. */
export function ApprovalsPage() {
  const [filters, setFilters] = useState<Filters>({ status: 'waiting', tool: '', mine: false });
  const { status, tool, mine } = filters;
  const where = {
    ...(status !== '' && { status }),
    ...(tool !== '' && { tool }),
    ...(mine && { mine: 'true' as const }),
  };
  const { page, next, previous } = usePages(
    `approvals ${status} ${tool} ${mine}`,
    (cursor) =>
      read(api.GET('/v1/approvals', { params: { query: { ...where, ...(cursor !== undefined && { cursor }) } } })),
    EVERY_MS,
  );
  return (
    <Page
      title="Approvals"
      lead="Calls of tools that wait for people."
      aside={<Find filters={filters} onChange={setFilters} />}
    >
      <Section title="Newest first">
        <Loaded of={page} what="approvals">
          {({ items }) =>
            items.length === 0 ? (
              <Empty>No such approval.</Empty>
            ) : (
              <Table caption="Approvals" rows={items} keyOf={(row) => row.approval_id} columns={columns} />
            )
          }
        </Loaded>
        <PageTurns previous={previous} next={next} />
      </Section>
      <Grants />
    </Page>
  );
}
