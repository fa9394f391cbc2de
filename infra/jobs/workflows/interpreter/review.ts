/** Reviews: a person approves the input of a task before it begins. */
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { reviewSignal } from '../../../../schemas/contexts/workflows.ts';
import { fault } from './faults.ts';
import { nameOf, type Scope } from './flow.ts';

/** Payload of the signal that decides on a review. */
interface Decision {
  readonly outcome?: string;
  readonly by?: string;
  readonly note?: string;
}

/** Returns the id of a review: an approval is of one task with one input. */
export const reviewId = (at: string, input: unknown): string =>
  createHash('sha256')
    .update(`${at}\n${canonicalize(input) ?? 'null'}`)
    .digest('hex')
    .slice(0, 32);

/**
 * Records what is asked, and waits for the decision on it. Throws a fault with WORKFLOW_REVIEW_REJECTED. Two iterations with the
 * same input take a decision each.
 */
export async function reviewed(input: unknown, { ctx, at }: Scope): Promise<void> {
  const label = `${nameOf(at)}.review`;
  const review = reviewId(at, input);
  await ctx.step(label, () => ({ review_id: review, input }));
  const { [label]: decision } = await ctx.all({
    [label]: (branch) => branch.signal<Decision | null>(reviewSignal(review)),
  });
  if (decision?.outcome === 'approve') return;
  const { by = 'a reviewer', note = '' } = decision ?? {};
  throw fault('authorization', at, `Rejected by ${by}${note === '' ? '.' : `: ${note}`}`, 'WORKFLOW_REVIEW_REJECTED');
}
