import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sessionsCommands } from './contexts/sessions.ts';
import {
  exampleOf,
  type GovernedAction,
  type GovernedCommand,
  governedActions,
  isGoverned,
  requestOf,
} from './governed.ts';
import { type Descriptors, type Example, namedResource } from './governed-command.ts';
import { recordOf } from './testing.ts';
import { governedTopics } from './topics.ts';

// @ts-expect-error A command of a governed topic without a descriptor does not compile.
const incomplete: Descriptors<GovernedAction> = { ...sessionsCommands };

const example: Example = {
  ...{ text: 'knots', persona: 'guide', resourceId: 'small', capabilities: ['x'], maxTokens: 7, labels: ['internal'] },
};

/** Commands without a text that the constitution could refuse. */
const WORDLESS: ReadonlySet<string> = new Set([
  ...['ResumeJob', 'RetryJob', 'ResumeSchedule', 'TriggerSchedule', 'BackfillSchedule', 'DeleteFile'],
  ...['RegisterTool', 'UpdateTool', 'RemoveTool', 'RevokeApprovalGrant'],
  ...['SubmitCapsule', 'AttestCapsule', 'InstallCapsule', 'UpgradeCapsule', 'RollbackCapsule', 'UninstallCapsule'],
  'RemoveGoldenSet',
  'SetBaseline',
  'RemoveTemplate',
]);

/** Action that rules see: edited arguments are ruled as the call that they are of. */
const ruled = (action: GovernedAction): GovernedAction => (action === 'ReviseToolCall' ? 'CallTool' : action);

describe('the governed commands', () => {
  it('are those of the governed topics, each with a descriptor', () => {
    const catalogued = governedTopics.flatMap(({ records }) => Object.keys(records));
    expect([...governedActions].sort()).toEqual(catalogued.sort());
    expect(Object.keys(incomplete).length).toBeLessThan(governedActions.length);
  });

  it('are distinguished from other records', () => {
    expect(isGoverned({ type: 'TurnDelta' } as never)).toBe(false);
    expect(isGoverned({ type: 'toString' } as never)).toBe(false);
  });

  it.each(governedActions)('any %s can be described', (action) => {
    fc.assert(
      fc.property(recordOf(action), (command) => {
        const request = requestOf(command as GovernedCommand);
        expect(request).toMatchObject({
          action: ruled(action),
          principal: (command.data as { principal: string }).principal,
        });
        expect(namedResource(request.resource).id).toBeTypeOf('string');
        // Nothing is estimated where nothing would run.
        if (request.needs === null) expect(request).toMatchObject({ requestId: null, estimate: { unit: 'none' } });
        if (request.estimate.unit === 'tokens') expect(request.estimate.tokensMax).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 100 },
    );
  });

  it.each(governedActions)('an example of %s has the given fields', (action) => {
    const { capabilities, labels, text } = example;
    const request = requestOf(exampleOf(action, example));
    // A text to classify is no text that the constitution could refuse.
    const said =
      request.classified === undefined
        ? { labels, text: WORDLESS.has(action) ? null : text }
        : { labels: [], text: null, classified: [text] };
    expect(request).toMatchObject({ action: ruled(action), capabilities, ...said });
    const bare = requestOf(exampleOf(action, { ...example, text: null, resourceId: null }));
    if (request.resource.id !== 'small') {
      // A command that names no resource acts on one that is fixed; a model is always named.
      expect(request.resource.type).not.toBe('Model');
      expect(request.resource).toEqual(bare.resource);
      return;
    }
    // It names the resource that it is needed for.
    expect(request.needs).toMatch(/:small$/);
    if (request.resource.type === 'Model') expect(namedResource(bare.resource).id).toBe('default');
  });
});
