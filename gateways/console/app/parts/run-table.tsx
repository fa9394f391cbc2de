import type { Schemas } from '../../../../infra/client/api.ts';
import { amount, count, dateTime, shortId } from '../state/text.ts';
import { Mark } from './mark.tsx';
import { Table } from './table.tsx';

type Summary = Schemas['AgentRunSummary'];

/** A link to the page of a run, by its short id. */
export const RunLink = ({ id }: { readonly id: string }) => (
  <a class="mono" href={`/console/agents/${id}`} title={id}>
    {shortId(id)}
  </a>
);

const columns = [
  { head: 'began', cell: ({ created_at: at }: Summary) => (at === null ? '' : dateTime(at)) },
  { head: 'run', cell: ({ run_id: id }: Summary) => <RunLink id={id} /> },
  { head: 'agent', cell: ({ agent }: Summary) => agent ?? '' },
  { head: 'state', cell: ({ status }: Summary) => <Mark state={status} /> },
  {
    head: 'reason',
    cell: ({ code, detail }: Summary) => (code === null ? '' : <span title={detail ?? ''}>{code}</span>),
  },
  { head: 'asked by', cell: ({ principal }: Summary) => principal },
  { head: 'child of', cell: ({ parent_id: id }: Summary) => (id === null ? '' : <RunLink id={id} />) },
  { head: 'steps', kind: 'number' as const, cell: ({ steps }: Summary) => count(steps) },
  {
    head: 'tokens',
    kind: 'number' as const,
    cell: ({ tokens }: Summary) => (tokens === null ? '' : count(tokens.prompt + tokens.completion)),
  },
  { head: 'cost', kind: 'number' as const, cell: ({ cost }: Summary) => (cost === null ? '' : amount(cost)) },
];

/** Runs of agents, a row each. */
export const RunTable = ({ caption, rows }: { readonly caption: string; readonly rows: readonly Summary[] }) => (
  <Table caption={caption} rows={rows} keyOf={(row) => row.run_id} columns={columns} />
);
