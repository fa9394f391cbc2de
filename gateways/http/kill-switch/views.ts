import type { z } from 'zod';
import type { KillSwitch, KillSwitchEngaged } from '../../../schemas/generated/records.ts';
import type { killSwitchBody } from './schemas.ts';

type KillSwitchView = z.infer<typeof killSwitchBody>;

/** Returns the body of a switch. */
export const killSwitchOf = (found: KillSwitch): KillSwitchView => ({
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

/** Returns the body of a switch after its engagement, which voids a proposed release. */
export const engagedOf = (event: KillSwitchEngaged): KillSwitchView => ({
  scope: event.scope,
  engaged: true,
  mode: event.mode,
  reason: event.reason,
  engaged_by: event.engagedBy,
  since: new Date(event.since).toISOString(),
  two_person: event.twoPerson,
  release_proposed_by: null,
  event_id: event.eventId,
});
