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
const SchedulesPage = lazy(() => import('./schedules.tsx').then((page) => page.SchedulesPage));
const SchedulePage = lazy(() => import('./schedule.tsx').then((page) => page.SchedulePage));
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
    ...{ path: '/console/schedules', name: 'Schedules', component: SchedulesPage, isShown: everyone },
    below: [{ path: '/console/schedules/:id', component: SchedulePage }],
  },
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
