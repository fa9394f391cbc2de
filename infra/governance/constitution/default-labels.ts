import type { LabelRule, TextRule } from '../../../schemas/contexts/constitution/document.ts';
import type { SpanDetector } from '../../../schemas/contexts/moderation/vocabulary.ts';

/** Both ways into a model: what callers say, and what tools return. */
const applies_to: TextRule['applies_to'] = ['input', 'tool'];

const form = (detector: SpanDetector, label: string): LabelRule => ({ id: detector, detector, label, applies_to });

/**
 * Labels for data with a distinctive form: most of the numbers have check digits, so that few other texts have it. Personal
 * facts written in prose are not found: callers know more about their data, and can declare labels. `prompt_injection` is
 * a score of words; it is a label for rules, and never the only wall.
 */
export const defaultLabels: readonly LabelRule[] = [
  form('email-address', 'personal_data'),
  form('payment-card', 'personal_data'),
  form('iban', 'personal_data'),
  form('phone', 'personal_data'),
  form('national-id', 'personal_data'),
  form('secret-key', 'secret'),
  { id: 'prompt-injection', detector: 'prompt-injection', score_min: 0.9, label: 'prompt_injection', applies_to },
];
