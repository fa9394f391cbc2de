import type { Schemas } from '../../../../infra/client/api.ts';
import { api, read } from '../api/client.ts';
import { Mark } from '../parts/mark.tsx';
import { Page, Section } from '../parts/page.tsx';
import { PageTurns } from '../parts/page-turns.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import { Table } from '../parts/table.tsx';
import { usePages } from '../parts/use-pages.ts';
import { count, dateTime, shortId } from '../state/text.ts';

type Summary = Schemas['ToolSummary'];
type Health = Schemas['ToolHealth'];

interface Row {
  readonly tool: Summary;
  /** Null when it could not be read. */
  readonly health: Health | null;
}

/** Health is derived from calls, which are many: it is not read each second. */
const EVERY_MS = 10_000;
/** Tools of a page: each has its health read. */
const TOOLS_SHOWN = 25;

const columns = [
  {
    head: 'tool',
    cell: ({ tool: { name, description } }: Row) => (
      <a href={`/console/tools/${encodeURIComponent(name)}`} title={description}>
        {name}
      </a>
    ),
  },
  { head: 'state', cell: ({ tool: { status } }: Row) => <Mark state={status} /> },
  {
    head: 'health',
    cell: ({ health }: Row) =>
      health === null ? (
        ''
      ) : (
        <span title={health.detail}>
          <Mark state={health.status} />
        </span>
      ),
  },
  { head: 'effect', cell: ({ tool: { effect } }: Row) => <Mark state={effect} /> },
  { head: 'tier', cell: ({ tool: { tier } }: Row) => tier },
  { head: 'adapter', cell: ({ tool: { adapter } }: Row) => adapter },
  { head: 'version', cell: ({ tool: { manifest_version: version } }: Row) => version },
  { head: 'definitions', kind: 'number' as const, cell: ({ tool: { version } }: Row) => count(version) },
  {
    head: 'digest',
    cell: ({ tool: { digest } }: Row) => (
      <span class="mono" title={digest}>
        {shortId(digest)}
      </span>
    ),
  },
  { head: 'changed', cell: ({ tool: { changed_at: at } }: Row) => (at === null ? '' : dateTime(at)) },
];

async function readTools(cursor: string | undefined): Promise<{ items: Row[]; next_cursor: string | null }> {
  const query = { limit: TOOLS_SHOWN, ...(cursor !== undefined && { cursor }) };
  const { items, next_cursor } = await read(api.GET('/v1/tools', { params: { query } }));
  const rows = items.map(async (tool): Promise<Row> => {
    const health = read(api.GET('/v1/tools/{tool}/health', { params: { path: { tool: tool.name } } }));
    return { tool, health: await health.catch(() => null) };
  });
  return { items: await Promise.all(rows), next_cursor };
}

/** The tools of the tenant with their isolation, their effect and their health. */
export function ToolsPage() {
  const { page, next, previous } = usePages('tools', readTools, EVERY_MS);
  return (
    <Page title="Tools" lead="What sessions and agents may call, each by a signed manifest.">
      <Section title="By name">
        <Loaded of={page} what="tools">
          {({ items }) =>
            items.length === 0 ? (
              <Empty>
                No tool is registered. <code>khipu tools add</code> registers one.
              </Empty>
            ) : (
              <Table caption="Tools" rows={items} keyOf={({ tool }) => tool.name} columns={columns} />
            )
          }
        </Loaded>
        <PageTurns previous={previous} next={next} />
      </Section>
    </Page>
  );
}
