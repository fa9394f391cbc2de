import { useMemo, useState } from 'preact/hooks';
import type { Schemas } from '../../../../infra/client/api.ts';
import { api, read } from '../api/client.ts';
import { Page, Section } from '../parts/page.tsx';
import { Empty, Loaded, ProblemNote } from '../parts/states.tsx';
import { Table } from '../parts/table.tsx';
import { TopologyDrawing } from '../parts/topology-drawing.tsx';
import { useResource } from '../parts/use-resource.ts';
import { count, perSecond } from '../state/text.ts';
import { type Graph, type GraphEdge, graphOf } from '../state/topology-graph.ts';

const EVERY_MS = 4_000;

const number = (value: number | null, text: (value: number) => string): string => (value === null ? '' : text(value));

const columns = (graph: Graph) => {
  const names = new Map(graph.nodes.map(({ id, name }) => [id, name]));
  return [
    { head: 'from', cell: ({ from }: GraphEdge) => names.get(from) ?? from },
    { head: 'to', cell: ({ to }: GraphEdge) => names.get(to) ?? to },
    { head: 'offsets/s', kind: 'number' as const, cell: ({ rate }: GraphEdge) => number(rate, perSecond) },
    { head: 'lag', kind: 'number' as const, cell: ({ lag }: GraphEdge) => number(lag, count) },
  ];
};

interface TopologyProps {
  readonly body: Schemas['Topology'];
  readonly activity: Schemas['PlatformActivity'] | null;
}

/** The drawing, or the same arrows as a table. */
function Topology({ body, activity }: TopologyProps) {
  const [inner, setInner] = useState(false);
  const [wide, setWide] = useState(false);
  const [asTable, setAsTable] = useState(false);
  const graph = useMemo(() => graphOf(body, activity, { inner, wide }), [body, activity, inner, wide]);
  const actions = (
    <>
      <label class="choice">
        <input type="checkbox" checked={inner} onChange={({ currentTarget }) => setInner(currentTarget.checked)} />
        State topics
      </label>
      <label class="choice">
        <input type="checkbox" checked={wide} onChange={({ currentTarget }) => setWide(currentTarget.checked)} />
        Readers of many topics
      </label>
      <label class="choice">
        <input type="checkbox" checked={asTable} onChange={({ currentTarget }) => setAsTable(currentTarget.checked)} />
        As a table
      </label>
    </>
  );
  return (
    <Section title="Flow" note="offsets per second on each arrow; the lag of readers that are behind" actions={actions}>
      {graph.nodes.length === 0 ? (
        <Empty>Nothing is declared.</Empty>
      ) : asTable ? (
        <Table caption="Arrows" rows={graph.edges} keyOf={({ from, to }) => `${from} ${to}`} columns={columns(graph)} />
      ) : (
        <TopologyDrawing graph={graph} />
      )}
    </Section>
  );
}

/** Topics and their readers, drawn from the declarations that also register them. */
export function TopologyPage() {
  const declared = useResource('topology', () => read(api.GET('/v1/topology')));
  const activity = useResource('activity', () => read(api.GET('/v1/topology/activity')), { everyMs: EVERY_MS });
  return (
    <Page title="Topology" lead="Every arrow is a topic that is read or written, from the declarations that run.">
      {activity.error !== null && <ProblemNote error={activity.error} retry={activity.reload} />}
      <Loaded of={declared} what="the topology">
        {(body) => <Topology body={body} activity={activity.data} />}
      </Loaded>
    </Page>
  );
}
