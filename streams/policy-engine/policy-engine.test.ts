import { expect, it } from 'vitest';
import type { AnyRecord, Meta } from '../kernel.ts';
import { SESSION } from '../testing.ts';
import { policyEngine } from './policy-engine.ts';

it('the commands of one subject are asked about in order', () => {
  const question = { type: 'AskPolicyEngine', data: { subjectId: SESSION, commandId: 'command-1' } };
  expect(policyEngine.key(question as unknown as AnyRecord, {} as Meta)).toBe(SESSION);
});

it('one tenant leaves a quarter of the capacity to others', () => {
  expect(policyEngine.tenantConcurrencyMax).toBe(0.75 * policyEngine.concurrencyMax);
});
