import type { ComponentType } from 'preact';
import lazy from 'preact-iso/lazy';
import { may, mayAny } from '../state/session.ts';
import { HOME } from '../state/urls.ts';
import { LivePage } from './live.tsx';

interface PageRoute {
  /** Pattern of its URLs. */
  readonly path: string;
  readonly component: ComponentType;
}

/** A page of the console, in the order of the navigation. The first is part of the first file; each other is a file of its own. */
export interface PageEntry extends PageRoute {
  readonly name: string;
  /** Returns true when the caller's capabilities let it read something there. */
  readonly isShown: () => boolean;
  /** Pages below it, which the navigation does not list. */
  readonly below?: readonly PageRoute[];
}

const everyone = (): boolean => true;

const SessionsPage = lazy(() => import('./sessions.tsx').then((page) => page.SessionsPage));
const SessionPage = lazy(() => import('./session.tsx').then((page) => page.SessionPage));
const JobsPage = lazy(() => import('./jobs.tsx').then((page) => page.JobsPage));
const JobPage = lazy(() => import('./job.tsx').then((page) => page.JobPage));
const WorkflowsPage = lazy(() => import('./workflows.tsx').then((page) => page.WorkflowsPage));
const WorkflowRunPage = lazy(() => import('./workflow-run.tsx').then((page) => page.WorkflowRunPage));
const WorkflowTemplatePage = lazy(() => import('./workflow-template.tsx').then((page) => page.WorkflowTemplatePage));
const SchedulesPage = lazy(() => import('./schedules.tsx').then((page) => page.SchedulesPage));
const SchedulePage = lazy(() => import('./schedule.tsx').then((page) => page.SchedulePage));
const AgentsPage = lazy(() => import('./agents.tsx').then((page) => page.AgentsPage));
const AgentRunPage = lazy(() => import('./agent-run.tsx').then((page) => page.AgentRunPage));
const ApprovalsPage = lazy(() => import('./approvals.tsx').then((page) => page.ApprovalsPage));
const ApprovalPage = lazy(() => import('./approval.tsx').then((page) => page.ApprovalPage));
const ToolsPage = lazy(() => import('./tools.tsx').then((page) => page.ToolsPage));
const ToolPage = lazy(() => import('./tool.tsx').then((page) => page.ToolPage));
const MemoriesPage = lazy(() => import('./memories.tsx').then((page) => page.MemoriesPage));
const MemoryPage = lazy(() => import('./memory.tsx').then((page) => page.MemoryPage));
const CapsulesPage = lazy(() => import('./capsules.tsx').then((page) => page.CapsulesPage));
const CapsulePage = lazy(() => import('./capsule.tsx').then((page) => page.CapsulePage));
const CapsuleInstallPage = lazy(() => import('./capsule-install.tsx').then((page) => page.CapsuleInstallPage));
const EvaluationsPage = lazy(() => import('./evaluations.tsx').then((page) => page.EvaluationsPage));
const EvaluationPage = lazy(() => import('./evaluation.tsx').then((page) => page.EvaluationPage));
const AnomaliesPage = lazy(() => import('./anomalies.tsx').then((page) => page.AnomaliesPage));
const MoneyPage = lazy(() => import('./money.tsx').then((page) => page.MoneyPage));
const FiguresPage = lazy(() => import('./figures.tsx').then((page) => page.FiguresPage));
const ConstitutionPage = lazy(() => import('./constitution.tsx').then((page) => page.ConstitutionPage));
const KillSwitchPage = lazy(() => import('./kill-switch.tsx').then((page) => page.KillSwitchPage));
const TopologyPage = lazy(() => import('./topology.tsx').then((page) => page.TopologyPage));
const ProcessorsPage = lazy(() => import('./processors.tsx').then((page) => page.ProcessorsPage));
const TenantsPage = lazy(() => import('./tenants.tsx').then((page) => page.TenantsPage));

export const pages: readonly PageEntry[] = [
  { path: HOME, name: 'Live', component: LivePage, isShown: everyone },
  {
    ...{ path: '/console/sessions', name: 'Sessions', component: SessionsPage, isShown: everyone },
    below: [{ path: '/console/sessions/:id', component: SessionPage }],
  },
  {
    ...{ path: '/console/jobs', name: 'Jobs', component: JobsPage, isShown: everyone },
    below: [{ path: '/console/jobs/:id', component: JobPage }],
  },
  {
    ...{ path: '/console/workflows', name: 'Workflows', component: WorkflowsPage, isShown: everyone },
    below: [
      { path: '/console/workflows/runs/:id', component: WorkflowRunPage },
      { path: '/console/workflows/templates/:name', component: WorkflowTemplatePage },
    ],
  },
  {
    ...{ path: '/console/schedules', name: 'Schedules', component: SchedulesPage, isShown: everyone },
    below: [{ path: '/console/schedules/:id', component: SchedulePage }],
  },
  {
    ...{ path: '/console/agents', name: 'Agents', component: AgentsPage, isShown: everyone },
    below: [{ path: '/console/agents/:id', component: AgentRunPage }],
  },
  {
    ...{ path: '/console/approvals', name: 'Approvals', component: ApprovalsPage },
    isShown: () => may('approval:read'),
    below: [{ path: '/console/approvals/:id', component: ApprovalPage }],
  },
  {
    ...{ path: '/console/tools', name: 'Tools', component: ToolsPage, isShown: () => may('tool:read') },
    below: [{ path: '/console/tools/:name', component: ToolPage }],
  },
  {
    ...{ path: '/console/memory', name: 'Memory', component: MemoriesPage, isShown: () => mayAny('memory') },
    below: [{ path: '/console/memory/:id', component: MemoryPage }],
  },
  {
    ...{ path: '/console/capsules', name: 'Capsules', component: CapsulesPage, isShown: () => may('capsules:read') },
    below: [
      { path: '/console/capsules/installs/:name', component: CapsuleInstallPage },
      { path: '/console/capsules/:publisher/:name/:version', component: CapsulePage },
    ],
  },
  {
    ...{ path: '/console/evaluations', name: 'Evaluations', component: EvaluationsPage },
    isShown: () => may('evaluations:read'),
    below: [{ path: '/console/evaluations/:id', component: EvaluationPage }],
  },
  {
    ...{ path: '/console/anomalies', name: 'Anomalies', component: AnomaliesPage },
    isShown: () => may('anomalies:read'),
  },
  { path: '/console/money', name: 'Money', component: MoneyPage, isShown: () => may('billing:read') },
  { path: '/console/figures', name: 'Figures', component: FiguresPage, isShown: () => may('analytics:read') },
  {
    ...{ path: '/console/constitution', name: 'Constitution', component: ConstitutionPage },
    isShown: () => mayAny('constitution'),
  },
  {
    ...{ path: '/console/kill-switch', name: 'Kill switch', component: KillSwitchPage },
    isShown: () => mayAny('kill-switch'),
  },
  { path: '/console/topology', name: 'Topology', component: TopologyPage, isShown: () => may('operations:read') },
  {
    ...{ path: '/console/processors', name: 'Processors', component: ProcessorsPage },
    isShown: () => may('operations:read'),
  },
  { path: '/console/tenants', name: 'Tenants & budgets', component: TenantsPage, isShown: everyone },
];
