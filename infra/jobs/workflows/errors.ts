import { codedError } from '../../kit/coded-error.ts';

export type WorkflowProblemCode =
  | 'WORKFLOW_TOO_LARGE'
  | 'WORKFLOW_INVALID'
  | 'WORKFLOW_UNSUPPORTED'
  | 'WORKFLOW_EXPRESSION_INVALID';

/** A document that is no workflow, or has what runs do not support; `pointer` (RFC 6901) names the place in it. */
export class WorkflowProblem extends codedError<WorkflowProblemCode>('WorkflowProblem') {
  readonly pointer: string;
  constructor(code: WorkflowProblemCode, pointer: string, message: string) {
    super(code, message);
    this.pointer = pointer;
  }
}
