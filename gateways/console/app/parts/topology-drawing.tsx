import { useMemo, useState } from 'preact/hooks';
import { count, perSecond } from '../state/text.ts';
import type { Graph, GraphEdge } from '../state/topology-graph.ts';
import { layoutOf, type PlacedNode } from '../state/topology-layout.ts';

const keyOf = ({ from, to }: Pick<GraphEdge, 'from' | 'to'>): string => `${from} ${to}`;

/** Text of an arrow: its rate, and the lag of a reader that is behind. */
const labelOf = ({ rate, lag }: GraphEdge): string => {
  const parts = [
    ...(rate !== null && rate > 0 ? [`${perSecond(rate)}/s`] : []),
    ...(lag !== null && lag > 0 ? [`${count(lag)} behind`] : []),
  ];
  return parts.join(' ');
};

const classOf = (edge: GraphEdge, selected: string | null): string => {
  const isNear = selected === null || edge.from === selected || edge.to === selected;
  const tone = (edge.lag ?? 0) > 0 ? 'edge-behind' : (edge.rate ?? 0) > 0 ? 'edge-flows' : 'edge-rests';
  return `edge ${tone} ${isNear ? '' : 'edge-far'}`;
};

interface NodeProps {
  readonly node: PlacedNode;
  readonly isSelected: boolean;
  readonly onSelect: () => void;
}

const Node = ({ node, isSelected, onSelect }: NodeProps) => (
  <button
    type="button"
    class={`node node-${node.kind} ${isSelected ? 'node-selected' : ''}`}
    aria-pressed={isSelected}
    title={`${node.kind} ${node.name}`}
    style={{
      ...{ left: `${node.x - node.width / 2}px`, top: `${node.y - node.height / 2}px` },
      ...{ width: `${node.width}px`, height: `${node.height}px` },
    }}
    onClick={onSelect}
  >
    <span class="hidden">{node.kind} </span>
    {node.name}
  </button>
);

/** The graph, laid out once for its shape; rates and lags change on the arrows. A node shows its own arrows when pressed. */
export function TopologyDrawing({ graph }: { readonly graph: Graph }) {
  const [selected, setSelected] = useState<string | null>(null);
  const shape = graph.edges.map(keyOf).join();
  // The layout depends on the shape only.
  const placed = useMemo(() => layoutOf(graph), [shape]);
  const edges = new Map(graph.edges.map((edge) => [keyOf(edge), edge]));
  const { width, height } = placed;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls is reached by the keyboard
    <section class="drawing" aria-label="Drawing of the topology" tabIndex={0}>
      <div class="drawing-all" style={{ width: `${width}px`, height: `${height}px` }}>
        <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
          {placed.edges.map((place) => {
            const edge = edges.get(keyOf(place));
            if (edge === undefined) return null;
            return (
              <g key={keyOf(place)} class={classOf(edge, selected)}>
                <path d={place.path} />
                <text x={place.x} y={place.y - 4}>
                  {labelOf(edge)}
                </text>
              </g>
            );
          })}
        </svg>
        {placed.nodes.map((node) => (
          <Node
            key={node.id}
            node={node}
            isSelected={node.id === selected}
            onSelect={() => setSelected((before) => (before === node.id ? null : node.id))}
          />
        ))}
      </div>
    </section>
  );
}
