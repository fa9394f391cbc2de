import { Graph as Dagre, layout } from '@dagrejs/dagre';

/** A place in a drawing, in CSS pixels. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A box to place. */
export interface Box {
  readonly id: string;
  readonly width: number;
  readonly height: number;
}

/** An arrow between two boxes, by their ids. */
export interface Arrow {
  readonly from: string;
  readonly to: string;
}

/** How ranks follow each other, and the room between them, in CSS pixels. */
export interface LayeredOptions {
  readonly direction: 'LR' | 'TB';
  /** Room between two boxes of a rank, between two ranks, and around the drawing. */
  readonly nodeGap: number;
  readonly rankGap: number;
  readonly margin: number;
}

/** Boxes with their middles, and arrows with their corners. */
export interface Layered {
  readonly width: number;
  readonly height: number;
  readonly boxes: ReadonlyMap<string, Box & Point>;
  readonly arrows: readonly (Arrow & { readonly points: readonly Point[] })[];
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

/** Places boxes in ranks, each arrow from one rank to a later one where there is no circle. The same input gives the same places. */
export function layered(boxes: readonly Box[], arrows: readonly Arrow[], options: LayeredOptions): Layered {
  const { direction, nodeGap, rankGap, margin } = options;
  const dagre = new Dagre();
  dagre.setGraph({ rankdir: direction, nodesep: nodeGap, ranksep: rankGap, marginx: margin, marginy: margin });
  dagre.setDefaultEdgeLabel(() => ({}));
  for (const { id, width, height } of boxes) dagre.setNode(id, { width, height });
  for (const { from, to } of arrows) dagre.setEdge(from, to, {});
  layout(dagre);
  const placed = boxes.map((box) => ({ ...box, ...(dagre.node(box.id) as Point) }));
  const lines = arrows.map(({ from, to }) => ({
    ...{ from, to },
    points: (dagre.edge(from, to) as { readonly points?: readonly Point[] }).points ?? [],
  }));
  // Dagre counts no corner of an arrow when it moves the drawing to its margin.
  const corners = [
    ...placed.map(({ x, y, width, height }) => ({ x: x - width / 2, y: y - height / 2 })),
    ...placed.map(({ x, y, width, height }) => ({ x: x + width / 2, y: y + height / 2 })),
    ...lines.flatMap(({ points }) => points),
  ];
  const left = margin - Math.min(...corners.map(({ x }) => x));
  const up = margin - Math.min(...corners.map(({ y }) => y));
  const moved = <Placed extends Point>(place: Placed): Placed => ({ ...place, x: place.x + left, y: place.y + up });
  return {
    width: Math.max(0, ...corners.map(({ x }) => x)) + left + margin,
    height: Math.max(0, ...corners.map(({ y }) => y)) + up + margin,
    boxes: new Map(placed.map((box) => [box.id, moved(box)])),
    arrows: lines.map(({ points, ...arrow }) => ({ ...arrow, points: points.map(({ x, y }) => moved({ x, y })) })),
  };
}
