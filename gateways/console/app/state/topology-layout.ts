import { layered, type Point, pathOf } from './layered.ts';
import type { Graph, GraphNode } from './topology-graph.ts';

/** A node with its place: its middle and its size, in CSS pixels. */
export interface PlacedNode extends GraphNode, Point {
  readonly width: number;
  readonly height: number;
}

/** An arrow as a path of SVG, with the place of its label. */
export interface PlacedEdge extends Point {
  readonly from: string;
  readonly to: string;
  readonly path: string;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
}

const CHAR_WIDTH = 7;
const NODE_HEIGHT = 30;

/** Places the nodes of a graph in ranks from left to right. The same graph gives the same layout. */
export function layoutOf(graph: Graph): Layout {
  const boxes = graph.nodes.map(({ id, name }) => ({ id, width: name.length * CHAR_WIDTH + 30, height: NODE_HEIGHT }));
  const placed = layered(boxes, graph.edges, { direction: 'LR', nodeGap: 10, rankGap: 46, margin: 16 });
  const nodes = graph.nodes.flatMap((node) => {
    const box = placed.boxes.get(node.id);
    return box === undefined ? [] : [{ ...node, ...box }];
  });
  const edges = placed.arrows.map(({ from, to, points }) => {
    const middle = points[Math.floor(points.length / 2)] ?? { x: 0, y: 0 };
    return { from, to, path: pathOf(points), ...middle };
  });
  return { width: placed.width, height: placed.height, nodes, edges };
}
