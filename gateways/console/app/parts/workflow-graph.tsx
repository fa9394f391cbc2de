import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { TaskEdge } from '../../../../schemas/contexts/workflows/tree.ts';
import type { TaskCard } from '../state/workflow-run.ts';
import { WorkflowDrawing } from './workflow-drawing.tsx';

interface WorkflowGraphProps {
  /** Name of the drawing, for screen readers. */
  readonly label: string;
  readonly cards: readonly TaskCard[];
  readonly edges: readonly TaskEdge[];
  /** Pointer of the task that is selected until a person selects one; empty for none. */
  readonly first?: string;
  /** Shows what is known of the selected task, by its pointer. */
  readonly children: (at: string) => ComponentChildren;
}

/** A workflow as a drawing, beside what is known of its selected task. */
export function WorkflowGraph({ label, cards, edges, first = '', children }: WorkflowGraphProps) {
  const [chosen, setChosen] = useState<string | null>(null);
  const selected = chosen ?? first;
  return (
    <div class="run-graph">
      <WorkflowDrawing label={label} cards={cards} edges={edges} selected={selected} onSelect={setChosen} />
      <section class="run-task" aria-label="Selected task">
        {children(selected)}
      </section>
    </div>
  );
}
