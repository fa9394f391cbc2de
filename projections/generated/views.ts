// Generated from schemas/contexts.ts and the folders by `npm run generate`. Do not edit.

import { agents } from '../agents/projection.ts';
import { analytics } from '../analytics/projection.ts';
import { anomalies } from '../anomalies/projection.ts';
import { approvals } from '../approvals/projection.ts';
import { audit } from '../audit/projection.ts';
import { budgets } from '../budgets/projection.ts';
import { capsules } from '../capsules/projection.ts';
import { constitution } from '../constitution/projection.ts';
import { evaluations } from '../evaluations/projection.ts';
import { events } from '../events/projection.ts';
import { files } from '../files/projection.ts';
import { jobs } from '../jobs/projection.ts';
import { ledger } from '../ledger/projection.ts';
import { liveTurns } from '../live-turns/projection.ts';
import { memory } from '../memory/projection.ts';
import { responses } from '../responses/projection.ts';
import { schedules } from '../schedules/projection.ts';
import { sessions } from '../sessions/projection.ts';
import { tools } from '../tools/projection.ts';
import { turns } from '../turns/projection.ts';
import { usage } from '../usage/projection.ts';
import { workflows } from '../workflows/projection.ts';

/** Every read model. */
export const views = [
  sessions,
  responses,
  turns,
  liveTurns,
  usage,
  constitution,
  budgets,
  jobs,
  schedules,
  files,
  tools,
  agents,
  approvals,
  memory,
  ledger,
  analytics,
  anomalies,
  capsules,
  evaluations,
  workflows,
  audit,
  events,
] as const;
