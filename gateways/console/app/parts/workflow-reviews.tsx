import { useState } from 'preact/hooks';
import { api, write } from '../api/client.ts';
import type { OpenReview } from '../state/workflow-run.ts';
import { Dialog } from './dialog.tsx';
import { Field, textField } from './field.tsx';
import { FormEnd } from './form-end.tsx';
import { Json } from './json.tsx';
import { useAction } from './use-action.ts';

type Outcome = 'approve' | 'reject';

interface DecideProps {
  readonly runId: string;
  readonly review: OpenReview;
  readonly outcome: Outcome;
  readonly onDone: () => void;
}

const DOES: Readonly<Record<Outcome, string>> = { approve: 'Approve', reject: 'Reject' };
/** Longest note, in characters; that of the API. */
const NOTE_MAX = 500;

/** A button with a question for a note, which decides on the one input that the page shows. */
function Decide({ runId, review: { node, reviewId }, outcome, onDone }: DecideProps) {
  const [isOpen, setOpen] = useState(false);
  const action = useAction((note: string) =>
    write((header) =>
      api.POST('/v1/runs/{workflow_run_id}/reviews/{review_id}', {
        params: { path: { workflow_run_id: runId, review_id: reviewId }, header },
        body: { outcome, note },
      }),
    ),
  );
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (!(await action.run(textField(event.currentTarget as HTMLFormElement, 'note')))) return;
    setOpen(false);
    onDone();
  };
  const tone = outcome === 'approve' ? 'primary' : 'stop';
  return (
    <>
      <button type="button" class={tone} onClick={() => setOpen(true)}>
        {DOES[outcome]}
      </button>
      <Dialog title={`${DOES[outcome]} ${node.name}`} isOpen={isOpen} onClose={() => setOpen(false)}>
        <form onSubmit={(event) => void submit(event)}>
          <Field label="Note" hint="For the run and the audit.">
            <input name="note" maxLength={NOTE_MAX} autocomplete="off" />
          </Field>
          <FormEnd does={DOES[outcome]} tone={tone} action={action} onCancel={() => setOpen(false)} />
        </form>
      </Dialog>
    </>
  );
}

interface WorkflowReviewsProps {
  readonly runId: string;
  readonly reviews: readonly OpenReview[];
  /** Why the caller does not decide; null when it may. */
  readonly refusal: string | null;
  readonly onDone: () => void;
}

/** The reviews that a run waits for: what each task is about to get, and the decision. */
export function WorkflowReviews({ runId, reviews, refusal, onDone }: WorkflowReviewsProps) {
  if (reviews.length === 0) return null;
  return (
    <div class="run-reviews">
      <h3>Waits for a review</h3>
      <p class="quiet">An approval is of one task with one input.</p>
      {refusal !== null && <p class="note">{refusal}</p>}
      <ul class="turns">
        {reviews.map((review) => (
          <li key={review.reviewId}>
            <p>
              <strong>{review.node.name}</strong> is about to get
            </p>
            <Json value={review.input} label={`Input of ${review.node.name}`} />
            {refusal === null && (
              <p class="form-actions">
                <Decide runId={runId} review={review} outcome="approve" onDone={onDone} />
                <Decide runId={runId} review={review} outcome="reject" onDone={onDone} />
              </p>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
