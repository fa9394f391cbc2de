import { z } from 'zod';
import type { KillSwitch } from '../../schemas/generated/records.ts';
import { SCOPE } from '../../schemas/kill-switch.ts';

const scope = z
  .string()
  .regex(SCOPE, 'Expected global, or tenant:, model:, tool: or capsule: and an id')
  .meta({
    description: '`global`, or `tenant:<id>`, `model:<id>`, `tool:<id>`, `capsule:<id>`',
    examples: ['tenant:demo'],
  });
const reason = z
  .string()
  .min(1)
  .max(500)
  .meta({ description: 'Why, in one sentence for a person', examples: ['Credentials leaked into prompts'] });
const mode = z
  .enum(['stop', 'drain'])
  .meta({ description: 'What becomes of work that was accepted before: `stop` ends it, `drain` lets it end' });

export const setKillSwitchBody = z
  .discriminatedUnion('action', [
    z.strictObject({
      scope,
      action: z.literal('engage'),
      reason,
      mode: mode.default('stop'),
      two_person: z.boolean().default(false).meta({ description: 'The release shall take two principals' }),
    }),
    z.strictObject({ scope, action: z.literal('release'), reason }),
  ])
  .meta({
    id: 'SetKillSwitch',
    examples: [{ scope: 'tenant:demo', action: 'engage', reason: 'Credentials leaked into prompts' }],
  });

export const killSwitchBody = z
  .object({
    scope: z.string(),
    engaged: z.boolean(),
    mode,
    reason: z.string().meta({ description: 'Why it was engaged' }),
    engaged_by: z.string(),
    since: z.string().meta({ description: 'When the scope was stopped; RFC 3339' }),
    two_person: z.boolean().meta({ description: 'The release takes two principals' }),
    release_proposed_by: z.string().nullable().meta({ description: 'The first of two who would release it' }),
    event_id: z.string().meta({ description: 'Of the event that engaged it; decisions name it' }),
  })
  .meta({ id: 'KillSwitch' });

export const killSwitchPendingBody = z
  .object({
    scope: z.string(),
    status: z.enum(['pending', 'release_proposed']),
    detail: z.string(),
  })
  .meta({ id: 'KillSwitchPending' });

export const killSwitchList = z.object({ items: z.array(killSwitchBody) }).meta({ id: 'KillSwitchList' });

export const bodyOf = (found: KillSwitch): z.infer<typeof killSwitchBody> => ({
  scope: found.scope,
  engaged: found.engaged,
  mode: found.mode,
  reason: found.reason,
  engaged_by: found.engagedBy,
  since: new Date(found.since).toISOString(),
  two_person: found.twoPerson,
  release_proposed_by: found.releaseProposedBy,
  event_id: found.engagedEventId,
});
