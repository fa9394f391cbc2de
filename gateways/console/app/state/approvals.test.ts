import { describe, expect, test } from 'vitest';
import { approval } from '../../../../tests/console/recorded/agents.ts';
import { decisionOn, notDecidable, writtenArguments } from './approvals.ts';

const approver = (principal: string, ...held: readonly string[]) => ({
  principal,
  may: (capability: string) => held.includes(capability),
});

describe('who decides on an approval', () => {
  test.each([
    ['any tool', 'approval:decide'],
    ['its tool', `approval:decide:${approval.tool}`],
  ])('a capability for %s suffices', (_name, capability) => {
    expect(notDecidable(approval, approver('user:ana', capability))).toBeNull();
  });

  test('a capability for another tool does not', () => {
    expect(notDecidable(approval, approver('user:ana', 'approval:decide:other'))).toContain('approval:decide:pay');
  });

  test('who asked does not, with any capability', () => {
    const asker = approver(approval.principal ?? '', 'approval:decide');
    expect(notDecidable(approval, asker)).toBe('Who asked for a call does not decide on it.');
  });

  test('the capability of an escalation suffices after it', () => {
    const head = approver('user:head', 'finance:head');
    expect(notDecidable(approval, head)).not.toBeNull();
    expect(notDecidable({ ...approval, escalated_to: 'finance:head' }, head)).toBeNull();
  });

  test('an ended approval has no decision to offer', () => {
    expect(notDecidable({ ...approval, status: 'granted' }, approver('user:ana', 'approval:decide'))).toBe('');
  });
});

test('the decision on a call has its clauses and the version of its constitution', () => {
  expect(decisionOn(approval)).toMatchObject({
    outcome: 'allow',
    version: '1.2.0',
    clauses: ['permit-tools', 'score'],
  });
  expect(decisionOn({ ...approval, decision: null })).toBeNull();
});

test.each([
  ['{"amount": 3}', { amount: 3 }],
  ['[3]', null],
  ['3', null],
  ['null', null],
  ['{', null],
])('arguments are a JSON object: %s', (text, expected) => {
  expect(writtenArguments(text)).toEqual(expected);
});
