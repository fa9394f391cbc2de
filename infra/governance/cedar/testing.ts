/** A request to the rules, for tests. */
import type { RuleRequest } from '../../../schemas/contexts/constitution/rules.ts';

/** Returns the request of a turn of tenant `demo`. */
export const ruleRequest = (context: Partial<RuleRequest['context']> = {}): RuleRequest => ({
  principal: 'key-1',
  tenant: 'demo',
  action: 'SubmitTurn',
  resource: { type: 'Model', id: 'default' },
  context: {
    tenant: 'demo',
    persona: 'guide',
    prompt_chars: 20,
    max_tokens: 0,
    calls: 0,
    capabilities: [],
    moderation: [],
    labels: [],
    session_labels: [],
    flow_labels: [],
    integrity: 'trusted',
    confidentiality: 'public',
    effect: '',
    ...context,
  },
});
