import { describe, expect, test } from 'vitest';
import { agentRun, approvalId } from '../../../../tests/console/recorded/agents.ts';
import { limitGauges, runTimeline, usedBy } from './agent-run.ts';

const waiting = { approval_id: approvalId, status: 'waiting', given: 1, required: 2 } as const;
const nowMs = Date.parse('2026-01-01T10:00:30.000Z');

describe('the timeline of a run', () => {
  test('has each call behind its step, on the time of the run', () => {
    const { spanMs, bars } = runTimeline(agentRun, new Map([[approvalId, waiting]]), nowMs);
    expect(spanMs).toBe(30_000);
    expect(bars.map(({ kind, name, status, isWait }) => [kind, name, status, isWait])).toEqual([
      ['model', 'step 1', 'answered', false],
      ['call', 'weather', 'succeeded', false],
      ['handoff', 'agent.handoff', 'succeeded', false],
      ['model', 'step 2', 'answered', false],
      ['call', 'pay', 'waiting', true],
    ]);
    for (const { fromMs, toMs } of bars) {
      expect(fromMs).toBeGreaterThanOrEqual(0);
      expect(toMs).toBeGreaterThanOrEqual(fromMs);
      expect(toMs).toBeLessThanOrEqual(spanMs);
    }
    expect(bars.at(-1)?.toMs).toBe(spanMs);
  });

  test('leads to the approval that a call waits for, and to the run that it was handed off to', () => {
    const { bars } = runTimeline(agentRun, new Map([[approvalId, waiting]]), nowMs);
    expect(bars.flatMap(({ href }) => href ?? [])).toEqual([
      expect.stringMatching(/^\/console\/agents\//),
      `/console/approvals/${approvalId}`,
    ]);
    expect(bars.at(-1)?.remark).toBe('waits for an approval, 1 of 2 given');
  });

  test('shows a call without an approval as asked', () => {
    const last = runTimeline(agentRun, new Map(), nowMs).bars.at(-1);
    expect([last?.status, last?.isWait, last?.href]).toEqual(['asked', false, undefined]);
  });
});

describe('what a run has used', () => {
  test('is the sum of its steps and calls while it goes on', () => {
    expect(usedBy(agentRun, nowMs)).toEqual({
      ...{ steps: 2, tokens: 120 + 14 + 180 + 9, wallMs: 30_000, identicalCalls: 1 },
      cost: expect.closeTo(0.0032, 9),
    });
  });

  test('is that of its end afterwards, and time stands still', () => {
    const ended = {
      ...agentRun,
      ...{ status: 'completed' as const, tokens: { prompt: 1, completion: 2 }, cost: '0.5' },
      ended_at: '2026-01-01T10:00:10.000Z',
    };
    expect(usedBy(ended, nowMs)).toMatchObject({ tokens: 3, cost: 0.5, wallMs: 10_000 });
  });

  test('leaves the rest of each limit, and a limit that is not set has no gauge', () => {
    const left = limitGauges(agentRun, usedBy(agentRun, nowMs));
    expect(left.map(({ name, leftText, maxText }) => [name, leftText, maxText])).toEqual([
      ['steps', '3', '5'],
      ['cost', '0.4968', '0.5'],
      ['time', '60 min', '1 h'],
      ['the same call', '2', '3'],
    ]);
    expect(limitGauges({ ...agentRun, limits: null }, usedBy(agentRun, nowMs))).toEqual([]);
  });
});
