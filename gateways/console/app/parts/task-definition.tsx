import { partAt } from '../state/workflow-run.ts';
import { Json } from './json.tsx';

/** The definition of a task in its document, by its pointer. */
export const TaskDefinition = ({ document, at }: { readonly document: unknown; readonly at: string }) => (
  <>
    <h3 class="task-part">Definition</h3>
    <p class="quiet mono">{at}</p>
    <Json value={partAt(document, at)} label="Definition of the task" />
  </>
);
