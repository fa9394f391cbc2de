import { useState } from 'preact/hooks';
import type { Schemas } from '../../../../infra/client/api.ts';
import { api, write } from '../api/client.ts';
import { Counterfactuals } from './score.tsx';
import { ProblemNote } from './states.tsx';
import { useAction } from './use-action.ts';

/** Asks the policy processor which change of one input would have reversed a denial: some tens of evaluations, so on request. */
export function ExplainDenial({ decisionId }: { readonly decisionId: string }) {
  const [found, setFound] = useState<Schemas['Trial']['counterfactuals'] | null>(null);
  const action = useAction(async () => {
    const body = { decision_id: decisionId };
    setFound((await write((header) => api.POST('/v1/policy/trials', { params: { header }, body }))).counterfactuals);
  });
  if (found !== null && found.length > 0) return <Counterfactuals items={found} />;
  return (
    <div class="form-actions" aria-live="polite">
      {found === null ? (
        <button type="button" disabled={action.isRunning} onClick={() => void action.run()}>
          {action.isRunning ? 'Deciding again…' : 'What would have been allowed?'}
        </button>
      ) : (
        <p class="quiet">No change of a single input would have been allowed.</p>
      )}
      {action.error !== null && <ProblemNote error={action.error} />}
    </div>
  );
}
