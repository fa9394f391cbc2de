import { INSTALL_CAPSULES } from '../../../schemas/contexts/capsules/upgrades.ts';
import { installCapsule } from '../../../schemas/generated/records.ts';
import { requestOf } from '../../../schemas/governed.ts';
import { evaluate } from '../../../streams/policy/evaluate.ts';
import { historyFor } from '../../../streams/policy/history.ts';
import { emptyHistoryStore, HISTORY_BYTES_MAX } from '../../../streams/policy/history-store.ts';
import { idOf, type Verdict } from '../../capsules/attestations.ts';
import type { PreparedCapsule } from '../../capsules/signing.ts';
import { unsignedEngine } from '../policy/engines.ts';
import { checkConstitution } from '../policy/what-if.ts';

const VERIFIER = 'capsule-verdict';

/**
 * Returns the verdict of the evaluator of policy on an install of a capsule with all that it asks for, by a principal that may
 * install, in an empty history. Throws GovernanceError for a document that is no constitution, and ConfigError.
 */
export function verdictUnder(document: unknown, prepared: PreparedCapsule, now: Date): Verdict {
  const engine = unsignedEngine();
  const { constitution } = checkConstitution(document, engine);
  const capsuleId = idOf(prepared);
  const request = requestOf(
    installCapsule({
      ...{ principal: VERIFIER, capabilities: [INSTALL_CAPSULES], credential: null, labels: [], capsuleId },
      ...{ installId: `${VERIFIER}/${prepared.manifest.name}`, digest: prepared.digest },
      granted: prepared.manifest.capabilities,
    }),
  );
  const history = historyFor(constitution, emptyHistoryStore, request, { timeMs: 0, bytesMax: HISTORY_BYTES_MAX });
  const past = { history, commandId: VERIFIER, persona: null, classifier: null };
  const { outcome, reasons } = evaluate(engine.rule, constitution, request, VERIFIER, past);
  return {
    ...{ constitution: constitution.digest, version: constitution.version, reason: reasons[0] ?? '' },
    ...{ outcome: outcome === 'allow' ? 'PASSED' : 'FAILED', verifiedAt: now.toISOString() },
  };
}
