// Generated from schemas/contexts.ts and the folders by `npm run generate`. Do not edit.

import { agentsRoutes } from '../agents/routes.ts';
import { analyticsRoutes } from '../analytics/routes.ts';
import { anomaliesRoutes } from '../anomalies/routes.ts';
import { approvalsRoutes } from '../approvals/routes.ts';
import { auditRoutes } from '../audit/routes.ts';
import { billingRoutes } from '../billing/routes.ts';
import { budgetRoutes } from '../budget/routes.ts';
import { capsulesRoutes } from '../capsules/routes.ts';
import { constitutionRoutes } from '../constitution/routes.ts';
import { evaluationsRoutes } from '../evaluations/routes.ts';
import { identityRoutes } from '../identity/routes.ts';
import { inferenceRoutes } from '../inference/routes.ts';
import { jobsRoutes } from '../jobs/routes.ts';
import { killSwitchRoutes } from '../kill-switch/routes.ts';
import { memoryRoutes } from '../memory/routes.ts';
import { operationsRoutes } from '../operations/routes.ts';
import { personasRoutes } from '../personas/routes.ts';
import { policyRoutes } from '../policy/routes.ts';
import { revocationsRoutes } from '../revocations/routes.ts';
import { schedulesRoutes } from '../schedules/routes.ts';
import { sessionsRoutes } from '../sessions/routes.ts';
import { toolsRoutes } from '../tools/routes.ts';
import { workflowsRoutes } from '../workflows/routes.ts';

/** The routes of each context, by its name. */
export const contexts = {
  'sessions': sessionsRoutes,
  'inference': inferenceRoutes,
  'policy': policyRoutes,
  'constitution': constitutionRoutes,
  'kill-switch': killSwitchRoutes,
  'revocations': revocationsRoutes,
  'identity': identityRoutes,
  'personas': personasRoutes,
  'budget': budgetRoutes,
  'jobs': jobsRoutes,
  'schedules': schedulesRoutes,
  'tools': toolsRoutes,
  'agents': agentsRoutes,
  'approvals': approvalsRoutes,
  'memory': memoryRoutes,
  'billing': billingRoutes,
  'analytics': analyticsRoutes,
  'anomalies': anomaliesRoutes,
  'capsules': capsulesRoutes,
  'evaluations': evaluationsRoutes,
  'workflows': workflowsRoutes,
  'audit': auditRoutes,
  'operations': operationsRoutes,
} as const;
