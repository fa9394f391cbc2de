import { describe, expect, it } from 'vitest';
import { edgesOf, tasksOf } from '../../../../schemas/contexts/workflows/tree.ts';
import { brief } from '../../../../tests/console/recorded/workflows.ts';
import { type PlacedTask, workflowLayout } from './workflow-layout.ts';

const tasks = tasksOf(brief);
const { width, height, tasks: placed, edges } = workflowLayout(tasks, edgesOf(brief));

const named = (name: string): PlacedTask => {
  const found = placed.find(({ at }) => at.endsWith(`/${name}`));
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
};
const isWithin = (inner: PlacedTask, outer: Pick<PlacedTask, 'x' | 'y' | 'width' | 'height'>): boolean =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.width <= outer.x + outer.width &&
  inner.y + inner.height <= outer.y + outer.height;

describe('the layout of a workflow', () => {
  it('has each task once, in the order of the document, within the drawing', () => {
    expect(placed.map(({ at }) => at)).toEqual(tasks.map(({ at }) => at));
    expect(placed.every((task) => isWithin(task, { x: 0, y: 0, width, height }))).toBe(true);
  });

  it('goes from top to bottom', () => {
    const rows = ['gather', 'write', 'judge', 'publish', 'tell'].map((name) => named(name).y);
    expect(rows).toEqual(rows.toSorted((a, b) => a - b));
    expect(new Set(rows).size).toBe(5);
  });

  it('draws what is in a task inside of it, below its head', () => {
    for (const inner of placed)
      for (const outer of placed)
        if (inner.at.startsWith(`${outer.at}/`)) {
          expect(isWithin(inner, outer)).toBe(true);
          expect(inner.y).toBeGreaterThan(outer.y);
          expect(outer.isGroup).toBe(true);
        }
    expect(named('fetch').isGroup).toBe(false);
  });

  it('puts branches, and what catches beside what is tried, next to each other', () => {
    expect(named('facts').y).toBe(named('style').y);
    expect(named('style').x).toBeGreaterThan(named('facts').x + named('facts').width);
    expect(named('without').x).toBeGreaterThan(named('fetch').x + named('fetch').width);
  });

  it('puts no task on another one', () => {
    const overlaps = placed.flatMap((a) =>
      placed.filter(
        (b) =>
          a.at < b.at &&
          !b.at.startsWith(`${a.at}/`) &&
          a.x < b.x + b.width &&
          b.x < a.x + a.width &&
          a.y < b.y + b.height &&
          b.y < a.y + a.height,
      ),
    );
    expect(overlaps).toEqual([]);
  });

  it('has an arrow for each edge, also for one that leads back, and is the same each time', () => {
    expect(edges.map(({ from, to }) => `${from} ${to}`).toSorted()).toEqual(
      edgesOf(brief)
        .map(({ from, to }) => `${from} ${to}`)
        .toSorted(),
    );
    expect(edges.every(({ path }) => /^M\d/.test(path))).toBe(true);
    expect(workflowLayout(tasks, edgesOf(brief))).toEqual({ width, height, tasks: placed, edges });
  });

  it('of nothing is nothing', () => {
    expect(workflowLayout([], [])).toEqual({ width: 0, height: 0, tasks: [], edges: [] });
  });
});
