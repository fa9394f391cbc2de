import { useId, useMemo } from 'preact/hooks';
import type { TaskEdge } from '../../../../schemas/contexts/workflows/tree.ts';
import { type PlacedTask, workflowLayout } from '../state/workflow-layout.ts';
import type { TaskCard } from '../state/workflow-run.ts';
import { toneOf } from './mark.tsx';

interface WorkflowDrawingProps {
  /** Name of the drawing, for screen readers. */
  readonly label: string;
  readonly cards: readonly TaskCard[];
  readonly edges: readonly TaskEdge[];
  /** Pointer of the selected task; empty for none. */
  readonly selected: string;
  readonly onSelect: (at: string) => void;
}

interface CardProps {
  readonly card: TaskCard;
  readonly place: PlacedTask;
  readonly isSelected: boolean;
  readonly onSelect: () => void;
}

const classOf = ({ state, isStressed }: TaskCard, isGroup: boolean): string =>
  [
    'task',
    state === '' ? '' : `task-${toneOf(state)}`,
    isGroup ? 'task-group' : '',
    isStressed ? '' : 'task-faint',
  ].join(' ');

/** A task: a button with its name, kind and state, which is the head of what is drawn inside it. */
const Card = ({ card, place: { x, y, width, height, isGroup }, isSelected, onSelect }: CardProps) => (
  <div
    class={classOf(card, isGroup)}
    style={{ left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px` }}
  >
    <button
      type="button"
      class={isSelected ? 'task-head node-selected' : 'task-head'}
      aria-pressed={isSelected}
      title={card.remark}
      onClick={onSelect}
    >
      <span class="task-line">
        <strong>{card.name}</strong>
        <span>{card.kind}</span>
      </span>
      <span class="task-line">
        {card.state !== '' && <span class="task-state">{card.state}</span>}
        <span class="task-remark">{card.remark}</span>
      </span>
      {card.share !== null && (
        <span class="task-scale" aria-hidden="true">
          <span style={{ width: `${card.share * 100}%` }} />
        </span>
      )}
    </button>
  </div>
);

/** The tasks of a workflow as a graph from top to bottom, laid out once for its shape; states change on the cards. */
export function WorkflowDrawing({ label, cards, edges, selected, onSelect }: WorkflowDrawingProps) {
  const shape = [...cards.map(({ at }) => at), ...edges.map(({ from, to }) => `${from} ${to}`)].join();
  // The layout depends on the shape only.
  const { width, height, tasks, edges: lines } = useMemo(() => workflowLayout(cards, edges), [shape]);
  const byPlace = new Map(cards.map((card) => [card.at, card]));
  const arrow = useId();
  const isStressed = (at: string): boolean => byPlace.get(at)?.isStressed === true;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls is reached by the keyboard
    <section class="drawing" aria-label={label} tabIndex={0}>
      <div class="drawing-all" style={{ width: `${width}px`, height: `${height}px` }}>
        {tasks.map((place) => {
          const card = byPlace.get(place.at);
          return (
            card !== undefined && (
              <Card
                key={place.at}
                card={card}
                place={place}
                isSelected={place.at === selected}
                onSelect={() => onSelect(place.at)}
              />
            )
          );
        })}
        <svg class="task-arrows" width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
          <defs>
            <marker
              id={arrow}
              viewBox="0 0 8 8"
              refX="7"
              refY="4"
              markerWidth="9"
              markerHeight="9"
              markerUnits="userSpaceOnUse"
              orient="auto-start-reverse"
            >
              <path d="M0 0L8 4L0 8z" />
            </marker>
          </defs>
          {lines.map(({ from, to, path }) => (
            <g key={`${from} ${to}`} class={isStressed(from) && isStressed(to) ? 'edge edge-flows' : 'edge edge-rests'}>
              <path d={path} marker-end={`url(#${arrow})`} />
            </g>
          ))}
        </svg>
      </div>
    </section>
  );
}
