// Generated from schemas/contexts.ts and the folders by `npm run generate`. Do not edit.

import { agentsCommands } from '../contexts/agents.ts';
import { approvalsCommands } from '../contexts/approvals.ts';
import { capsulesCommands } from '../contexts/capsules.ts';
import { evaluationsCommands } from '../contexts/evaluations.ts';
import { filesCommands } from '../contexts/files.ts';
import { inferenceCommands } from '../contexts/inference.ts';
import { jobsCommands } from '../contexts/jobs.ts';
import { memoryCommands } from '../contexts/memory.ts';
import { schedulesCommands } from '../contexts/schedules.ts';
import { sessionsCommands } from '../contexts/sessions.ts';
import { toolsCommands } from '../contexts/tools.ts';
import { workflowsCommands } from '../contexts/workflows.ts';

/** Descriptors of the governed commands of every context. */
export const describedCommands = {
  ...sessionsCommands,
  ...inferenceCommands,
  ...jobsCommands,
  ...schedulesCommands,
  ...filesCommands,
  ...toolsCommands,
  ...approvalsCommands,
  ...capsulesCommands,
  ...evaluationsCommands,
  ...workflowsCommands,
  ...agentsCommands,
  ...memoryCommands,
} as const;
