import type { TaskEdge } from '../../../../schemas/contexts/workflows/tree.ts';
import { layered, type Point, pathOf } from './layered.ts';

/** A task of a workflow, as far as its place needs it. */
export interface Task {
  /** JSON pointer in the document, such as /do/0/ask/do/0/weather. */
  readonly at: string;
}

/** A task with its place: its upper left corner and its size, in CSS pixels. */
export interface PlacedTask extends Point {
  readonly at: string;
  readonly width: number;
  readonly height: number;
  /** True for a task with others in it, which are drawn below its head. */
  readonly isGroup: boolean;
}

/** An arrow as a path of SVG. */
export interface PlacedTaskEdge extends TaskEdge {
  readonly path: string;
}

export interface WorkflowLayout {
  readonly width: number;
  readonly height: number;
  readonly tasks: readonly PlacedTask[];
  readonly edges: readonly PlacedTaskEdge[];
}

/** Size of the card of a task, and height of the head of a group, whose card it is; the same in the style sheet. */
const CARD = { width: 228, height: 62 } as const;
const HEAD = 46;
/** Room around the tasks in a group, and between two lists of one, such as of a `try` and its `catch`. */
const PAD = 12;
const GAPS = { direction: 'TB', nodeGap: 16, rankGap: 30, margin: PAD } as const;

const EMPTY: WorkflowLayout = { width: 0, height: 0, tasks: [], edges: [] };

/** Returns the pointer of the list that a task is in: `/do/0/ask` is in `/do`. */
const listOf = (at: string): string => at.split('/').slice(0, -2).join('/');

const moved = ({ tasks, edges }: Drawn, by: Point): Drawn => ({
  tasks: tasks.map((task) => ({ ...task, x: task.x + by.x, y: task.y + by.y })),
  edges: edges.map((edge) => ({ ...edge, points: edge.points.map(({ x, y }) => ({ x: x + by.x, y: y + by.y })) })),
});

interface Drawn {
  readonly tasks: readonly PlacedTask[];
  readonly edges: readonly (TaskEdge & { readonly points: readonly Point[] })[];
}
interface Sized extends Drawn {
  readonly width: number;
  readonly height: number;
}

const NOTHING: Sized = { width: 0, height: 0, tasks: [], edges: [] };

/** Puts lists beside each other, in their order. */
function beside(lists: readonly Sized[]): Sized {
  return lists.reduce((all, list) => {
    const { tasks, edges } = moved(list, { x: all.width, y: 0 });
    return {
      ...{ width: all.width + list.width, height: Math.max(all.height, list.height) },
      ...{ tasks: [...all.tasks, ...tasks], edges: [...all.edges, ...edges] },
    };
  }, NOTHING);
}

/**
 * Places the tasks of a workflow from top to bottom, each list in ranks, and what is in a task inside of it: branches of a fork
 * stand beside each other. The same tasks give the same layout, whatever their states are.
 */
export function workflowLayout(tasks: readonly Task[], edges: readonly TaskEdge[]): WorkflowLayout {
  if (tasks.length === 0) return EMPTY;
  const lists = Map.groupBy(tasks, ({ at }) => listOf(at));
  const edgesIn = Map.groupBy(edges, ({ from }) => listOf(from));
  const inside = Map.groupBy(
    [...lists.keys()].filter((list) => list !== '/do'),
    ownerOf(tasks),
  );

  const placedTask = ({ at }: Task): Sized => {
    const inner = beside((inside.get(at) ?? []).map(placedList));
    const isGroup = inner.tasks.length > 0;
    const width = Math.max(CARD.width, inner.width);
    const height = isGroup ? HEAD + inner.height : CARD.height;
    const { tasks: own, edges: lines } = moved(inner, { x: (width - inner.width) / 2, y: HEAD });
    return { width, height, tasks: [{ at, x: 0, y: 0, width, height, isGroup }, ...own], edges: lines };
  };

  function placedList(list: string): Sized {
    const drawn = new Map((lists.get(list) ?? []).map((task) => [task.at, placedTask(task)]));
    const boxes = [...drawn].map(([id, { width, height }]) => ({ id, width, height }));
    const placed = layered(boxes, edgesIn.get(list) ?? [], GAPS);
    const all = boxes.map(({ id, width, height }) => {
      const { x, y } = placed.boxes.get(id) ?? { x: 0, y: 0 };
      return moved(drawn.get(id) ?? NOTHING, { x: x - width / 2, y: y - height / 2 });
    });
    return {
      ...{ width: placed.width, height: placed.height, tasks: all.flatMap((each) => each.tasks) },
      edges: [...placed.arrows, ...all.flatMap((each) => each.edges)],
    };
  }

  const { edges: lines, ...whole } = placedList('/do');
  return { ...whole, edges: lines.map(({ points, ...edge }) => ({ ...edge, path: pathOf(points) })) };
}

/** Returns the function from a list to the pointer of the task that has it: the one with the longest pointer before it. */
function ownerOf(tasks: readonly Task[]): (list: string) => string {
  const pointers = new Set(tasks.map(({ at }) => at));
  return (list) => {
    const parts = list.split('/');
    while (parts.length > 1 && !pointers.has(parts.join('/'))) parts.pop();
    return parts.join('/');
  };
}
