import { planOf } from '../../../infra/jobs/workflows/plan.ts';
import { worstOf } from '../../../infra/jobs/workflows/worst.ts';
import { anyCovers } from '../../../schemas/capabilities.ts';
import { startCapability } from '../../../schemas/contexts/jobs.ts';
import { switchesOver } from '../../../schemas/contexts/kill-switch.ts';
import { toolIdOf } from '../../../schemas/contexts/tools.ts';
import type { WorkflowDocument } from '../../../schemas/contexts/workflows/document.ts';
import { READ_TEMPLATES, WORKFLOW_RUN } from '../../../schemas/contexts/workflows.ts';
import type { NamedResource } from '../../../schemas/governed-command.ts';
import { declare } from '../../shared/route/declare.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { installOrUnknown } from '../capsules/find.ts';
import { pricesOf } from './commands.ts';
import { versionOrUnknown } from './find.ts';
import { digestFilter, planBody, templateFields } from './schemas.ts';

type Needs = Pick<GatewayServices, 'tables' | 'readModel' | 'models'>;
const { endpoint } = declare<Needs>();

/** Returns the type of the resource that a capability of a node is for. */
const typeOf = (needs: string): NamedResource['type'] =>
  needs.startsWith('tool:')
    ? 'Tool'
    : needs.startsWith('agents:')
      ? 'Agent'
      : needs.startsWith('jobs:')
        ? 'Job'
        : 'Model';

interface Refusal {
  readonly at: string;
  readonly code: string;
  readonly detail: string;
}

/** Returns what would refuse a node of this moment: a missing capability or grant, a kill switch, or a tool that is not there. */
function refusalsOf(
  plan: ReturnType<typeof planOf>,
  { tables, tenantId, held }: { tables: Needs['tables']; tenantId: string; held: readonly (readonly string[])[] },
): readonly Refusal[] {
  return plan.nodes.flatMap(({ at, target, needs }): readonly Refusal[] => {
    if (needs === null || target === null) return [];
    const type = typeOf(needs);
    const tool = type === 'Tool' ? tables.tools.value.get(toolIdOf(tenantId, target)) : undefined;
    const switches = switchesOver(tables.killSwitches.value, { tenant: tenantId, resources: [{ type, id: target }] });
    return [
      ...(held.every((each) => anyCovers(each, needs))
        ? []
        : [{ at, code: 'CAPABILITY_MISSING', detail: `This requires ${needs}.` }]),
      ...switches.map(({ scope }) => ({ at, code: 'KILL_SWITCH', detail: `The kill switch ${scope} is engaged.` })),
      ...(type !== 'Tool' || tool?.status === 'active'
        ? []
        : [
            tool?.status === 'quarantined'
              ? { at, code: 'TOOL_QUARANTINED', detail: `The tool ${target} is quarantined.` }
              : { at, code: 'TOOL_UNKNOWN', detail: `There is no tool ${target}.` },
          ]),
    ];
  });
}

/** Returns the most that a call of a tool costs, by its manifest of this moment; null for a tool that is not there. */
const toolCostIn =
  (tables: Needs['tables'], tenantId: string) =>
  (name: string): string | null => {
    const tool = tables.tools.value.get(toolIdOf(tenantId, name));
    if (tool === undefined || tool.status === 'removed') return null;
    return '';
  };

/** Route that plans a run of a template before it begins. */
export const planTemplate = endpoint({
  operationId: 'planTemplate',
  tag: 'workflows',
  summary: 'Show what a run of a template may do, before it begins',
  description:
    'Nodes with how often they may run, the longest chain of them, the capabilities of a run, the worst case in calls, tokens and money by the prices of this moment, and the nodes that would be refused now: for a capability that the caller or the grant does not have, a kill switch, or a tool that is not there. Rules of the constitution see a call when it is made: `POST /v1/policy/trials` explains a decision.',
  url: '/v1/templates/:template/plan',
  takes: READ_TEMPLATES,
  params: templateFields,
  query: { sha256: digestFilter },
  views: ['workflows'],
  response: planBody,
  problems: ['TEMPLATE_UNKNOWN', 'CAPSULE_INSTALL_UNKNOWN', 'LOG_UNAVAILABLE'],
  answer: async ({ caller, params, query, services }) => {
    const { tables, models } = services;
    const { tenantId } = caller;
    const row = await versionOrUnknown(services, tenantId, params.template, query.sha256);
    const document = JSON.parse(row.workflow ?? 'null') as WorkflowDocument;
    const plan = planOf(document, row.digest ?? '');
    const facts = { prices: pricesOf(models), toolCost: toolCostIn(tables, tenantId) };
    const { total, tasks } = worstOf(document, facts);
    const granted = row.install === null ? [] : [installOrUnknown(tables, tenantId, row.install).pin.granted];
    const start = startCapability(WORKFLOW_RUN);
    return {
      ...{
        template: params.template,
        version: plan.version,
        digest: plan.digest,
        capabilities: [...plan.capabilities],
      },
      nodes: plan.nodes.map(({ timesMax: times_max, ...node }) => ({
        ...{ ...node, times_max },
        worst: tasks.get(node.at) ?? null,
      })),
      ...{ critical_path: [...plan.criticalPath], loops: plan.loops, open: [...plan.open], worst: total },
      refusals: [
        ...(anyCovers(caller.capabilities, start)
          ? []
          : [{ at: '', code: 'CAPABILITY_MISSING', detail: `This requires ${start}.` }]),
        ...refusalsOf(plan, { tables, tenantId, held: [caller.capabilities, ...granted] }),
      ],
    };
  },
});
