import { describe, expect, it } from 'vitest';
import { payloadName } from './jobs/payload.ts';
import { jobsCommands, textIn } from './jobs.ts';
import { schedulesCommands } from './schedules.ts';

describe('the text of an input', () => {
  it.each([
    ['"gold"', 'gold'],
    ['{"a": ["x", {"b": "y"}], "n": 1, "none": null}', 'a\nx\nb\ny\nn\nnone'],
    ['"g\\u006fld\\nfor all"', 'gold\nfor all'],
    ['42', '42'],
    ['{}', '{}'],
    ['" "', '" "'],
    ['not JSON', 'not JSON'],
  ])('of %s is %j', (json, text) => {
    expect(textIn(json)).toBe(text);
  });

  it('is the same on any stack, however deep it nests', () => {
    const deep = `${'['.repeat(200_000)}"gold"${']'.repeat(200_000)}`;
    expect(textIn(deep)).toContain('gold');
    expect(textIn(deep)).toBe('gold');
  });
});

describe('governance of a start', () => {
  const { describe: seen, example } = jobsCommands.StartJob;
  const started = example({
    resourceId: 'idle',
    text: 'gold',
    persona: '',
    capabilities: [],
    labels: [],
    maxTokens: null,
  });
  const input = payloadName({ digest: 'ab'.repeat(32), bytes: 600_000 });

  it('reads the texts of an input in the record', () => {
    expect(seen(started)).toMatchObject({ text: 'gold', needs: 'jobs:start:idle' });
    expect(seen(started)).not.toHaveProperty('alsoNeeds');
  });

  it('takes the capability to read the audit for an export of it, also by a child and by a schedule', () => {
    const type = 'audit.export';
    expect(seen({ ...started, type })).toMatchObject({ needs: `jobs:start:${type}`, alsoNeeds: ['audit:read'] });
    const given = { resourceId: type, text: null, persona: '', capabilities: [], labels: [], maxTokens: null };
    const { StartChildJob: child } = jobsCommands;
    expect(child.describe(child.example(given))).toMatchObject({ alsoNeeds: ['audit:read'] });
    const { StartScheduledJob: scheduled } = schedulesCommands;
    expect(scheduled.describe(scheduled.example(given))).toMatchObject({ alsoNeeds: ['audit:read'] });
  });

  it('takes the capability for contents for an input that it does not read', () => {
    expect(seen({ ...started, input })).toMatchObject({ text: null, alsoNeeds: ['files:create'] });
    expect(seen({ ...started, input, lane: 'interactive' })).toMatchObject({
      alsoNeeds: ['jobs:lane:interactive', 'files:create'],
    });
  });
});
