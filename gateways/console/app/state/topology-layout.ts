import { Graph as Dagre, layout } from '@dagrejs/dagre';
import type { Graph, GraphNode } from './topology-graph.ts';

/** A node with its place: its middle and its size, in CSS pixels. */
export interface PlacedNode extends GraphNode {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** An arrow as a path of SVG, with the place of its label. */
export interface PlacedEdge {
  readonly from: string;
  readonly to: string;
  readonly path: string;
  readonly x: number;
  readonly y: number;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
}

const CHAR_WIDTH = 7;
const NODE_HEIGHT = 30;
const MARGIN = 16;

interface Point {
  readonly x: number;
  readonly y: number;
}

const round = (value: number): number => Math.round(value * 10) / 10;

/** Returns a smooth path through the points: each corner is the control point of a curve between the middles. */
export function pathOf(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  const middles = rest.map((point, index) => {
    const next = rest[index + 1];
    if (next === undefined) return `L${round(point.x)} ${round(point.y)}`;
    return `Q${round(point.x)} ${round(point.y)} ${round((point.x + next.x) / 2)} ${round((point.y + next.y) / 2)}`;
  });
  return [`M${round(first.x)} ${round(first.y)}`, ...middles].join('');
}

/** Places the nodes of a graph in ranks from left to right. The same graph gives the same layout. */
export function layoutOf(graph: Graph): Layout {
  const dagre = new Dagre();
  dagre.setGraph({ rankdir: 'LR', nodesep: 10, ranksep: 46, marginx: MARGIN, marginy: MARGIN });
  dagre.setDefaultEdgeLabel(() => ({}));
  for (const { id, name } of graph.nodes)
    dagre.setNode(id, { width: name.length * CHAR_WIDTH + 30, height: NODE_HEIGHT });
  for (const { from, to } of graph.edges) dagre.setEdge(from, to, {});
  layout(dagre);
  const placed = graph.nodes.map((node) => ({
    ...node,
    ...(dagre.node(node.id) as Omit<PlacedNode, keyof GraphNode>),
  }));
  const lines = graph.edges.map(({ from, to }) => ({
    ...{ from, to },
    points: (dagre.edge(from, to) as { readonly points?: readonly Point[] }).points ?? [],
  }));
  // Dagre counts no corner of an arrow when it moves the drawing to its margin.
  const corners = [
    ...placed.map(({ x, y, width, height }) => ({ x: x - width / 2, y: y - height / 2 })),
    ...placed.map(({ x, y, width, height }) => ({ x: x + width / 2, y: y + height / 2 })),
    ...lines.flatMap(({ points }) => points),
  ];
  const left = MARGIN - Math.min(...corners.map(({ x }) => x));
  const up = MARGIN - Math.min(...corners.map(({ y }) => y));
  const moved = ({ x, y }: Point): Point => ({ x: x + left, y: y + up });
  const nodes = placed.map((node) => ({ ...node, ...moved(node) }));
  const edges = lines.map(({ from, to, points }) => {
    const middle = moved(points[Math.floor(points.length / 2)] ?? { x: 0, y: 0 });
    return { from, to, path: pathOf(points.map(moved)), x: middle.x, y: middle.y };
  });
  const width = Math.max(0, ...corners.map(({ x }) => x)) + left + MARGIN;
  const height = Math.max(0, ...corners.map(({ y }) => y)) + up + MARGIN;
  return { width, height, nodes, edges };
}
