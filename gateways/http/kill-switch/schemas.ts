import { z } from 'zod';
import { SCOPE, scopeKinds } from '../../../schemas/contexts/kill-switch.ts';

const scope = z
  .string()
  .regex(SCOPE, `Expected global, or ${scopeKinds.map((kind) => `${kind}:`).join(', ')} and an id`)
  .meta({
    description: `\`global\`, or ${scopeKinds.map((kind) => `\`${kind}:<id>\``).join(', ')}`,
    examples: ['tenant:demo'],
  });
const reason = z
  .string()
  .min(1)
  .max(500)
  .meta({ description: 'Reason, in one sentence for people', examples: ['Credentials leaked into prompts'] });
const mode = z.enum(['stop', 'finish_step', 'drain']).meta({
  description:
    'Effect on work that was accepted before: `stop` ends it, `finish_step` ends it after its running steps, `drain` lets it finish',
});

/** Body of an engagement or a release. */
export const setKillSwitchBody = z
  .discriminatedUnion('action', [
    z.strictObject({
      scope,
      action: z.literal('engage'),
      reason,
      mode: mode.default('stop'),
      two_person: z.boolean().default(false).meta({ description: 'Require two principals for the release' }),
    }),
    z.strictObject({ scope, action: z.literal('release'), reason }),
  ])
  .meta({
    id: 'SetKillSwitch',
    examples: [
      { scope: 'model:example', action: 'engage', mode: 'drain', reason: 'Its answers leak credentials' },
      { scope: 'model:example', action: 'release', reason: 'The model was replaced' },
    ],
  });

/** Schema of a kill switch. */
export const killSwitchBody = z
  .object({
    scope: z.string().meta({ description: 'Scope of the switch' }),
    engaged: z.boolean().meta({ description: 'True while the switch stops new work' }),
    mode,
    reason: z.string().meta({ description: 'Reason of the engagement' }),
    engaged_by: z.string().meta({ description: 'Principal that engaged the switch' }),
    since: z.string().meta({ description: 'Time of the engagement, RFC 3339' }),
    two_person: z.boolean().meta({ description: 'True when the release requires two principals' }),
    release_proposed_by: z
      .string()
      .nullable()
      .meta({ description: 'First of the two principals of a release; null before a proposal' }),
    event_id: z.string().meta({ description: 'Id of the event that engaged the switch; decisions refer to it' }),
  })
  .meta({ id: 'KillSwitch' });

/** Schema of a proposed release. */
export const releaseProposedBody = z
  .object({
    scope: z.string().meta({ description: 'Scope of the switch' }),
    status: z.literal('release_proposed').meta({ description: 'Always `release_proposed`' }),
    detail: z.string().meta({ description: 'Explanation for people' }),
  })
  .meta({ id: 'KillSwitchReleaseProposed' });

/** Schema of all engaged switches. */
export const killSwitchList = z
  .object({ items: z.array(killSwitchBody).meta({ description: 'Engaged switches' }) })
  .meta({ id: 'KillSwitchList' });
