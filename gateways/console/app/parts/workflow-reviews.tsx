import { api, write } from '../api/client.ts';
import type { OpenReview } from '../state/workflow-run.ts';
import { Decide, type Outcome } from './decide.tsx';
import { Json } from './json.tsx';

const decide = (runId: string, reviewId: string) => (outcome: Outcome, note: string) =>
  write((header) =>
    api.POST('/v1/runs/{workflow_run_id}/reviews/{review_id}', {
      params: { path: { workflow_run_id: runId, review_id: reviewId }, header },
      body: { outcome, note },
    }),
  );

interface WorkflowReviewsProps {
  readonly runId: string;
  readonly reviews: readonly OpenReview[];
  /** Why the caller does not decide; null when it may. */
  readonly refusal: string | null;
  readonly onDone: () => void;
}

/** The reviews that a run waits for: what each task is about to get, and the decision on that one input. */
export function WorkflowReviews({ runId, reviews, refusal, onDone }: WorkflowReviewsProps) {
  if (reviews.length === 0) return null;
  return (
    <div class="run-reviews">
      <h3>Waits for a review</h3>
      <p class="quiet">An approval is of one task with one input.</p>
      {refusal !== null && <p class="note">{refusal}</p>}
      <ul class="turns">
        {reviews.map(({ node: { name }, reviewId, input }) => (
          <li key={reviewId}>
            <p>
              <strong>{name}</strong> is about to get
            </p>
            <Json value={input} label={`Input of ${name}`} />
            {refusal === null && (
              <p class="form-actions">
                {(['approve', 'reject'] as const).map((outcome) => (
                  <Decide key={outcome} outcome={outcome} what={name} send={decide(runId, reviewId)} onDone={onDone} />
                ))}
              </p>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
