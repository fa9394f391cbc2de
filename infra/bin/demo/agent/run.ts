import { type AgentEvent, followAgentRun } from '../../../client/agent-events.ts';
import { type Api, createApi, type Schemas } from '../../../client/api.ts';
import { settledAnswer } from '../../../client/settle.ts';
import { homeDir } from '../../../local/home.ts';
import { livingRun } from '../../../local/process/run-record.ts';
import type { Style } from '../../show/style.ts';
import { signedManifest } from '../../tools/sign.ts';
import { DemoError, type DemoPlatform } from '../platform.ts';
import { type Asked, decideOn } from './approval.ts';
import { withAgentKey } from './key.ts';
import { demoPrompt, scriptedPrompt } from './script.ts';
import { demoTools } from './tools.ts';

/** Processors run here on a local platform. */
const PROCESSORS = 'stream-all';
/** The step in which they are killed: its call is under way. */
const KILLED_IN_STEP = 2;

/** What the demo has shown. */
export interface AgentDemoReport {
  readonly run_id: string;
  readonly outcome: string;
  readonly output: string | null;
  /** Calls by outcome. */
  readonly calls: Readonly<Record<string, number>>;
  /** Process id that was killed; null on a platform of another machine. */
  readonly killed_pid: number | null;
}

interface Options {
  readonly style: Style;
  readonly write: (text: string) => void;
  /** JWK Set that signs the tools. */
  readonly keyFile: string;
  /** Asks a person whether a call may run; the question names it. */
  readonly approve: (question: string) => Promise<boolean>;
  /** Kills the processors with `kill -9`. Returns the process id; null where none is on this machine. */
  readonly kill: () => number | null;
}

/** Registers the tools of the demo, signed with the key of this machine. One that is there stays. */
async function register(api: Api, keyFile: string): Promise<void> {
  for (const manifest of demoTools) {
    const body = signedManifest(manifest, keyFile) as unknown as Schemas['PutTool'];
    const answer = await api.PUT('/v1/tools/{tool}', { params: { path: { tool: manifest.name } }, body });
    const code = (answer.error as { readonly code?: string } | undefined)?.code;
    if (code !== 'ALREADY_EXISTS') settledAnswer(answer);
  }
}

/** Kills the processors of the platform of this machine with `kill -9`; its supervisor starts them again. */
export function killLocalProcessors(): number | null {
  const pid = livingRun(homeDir())?.processes.find(({ name }) => name === PROCESSORS)?.mark?.pid ?? null;
  if (pid !== null) process.kill(pid, 'SIGKILL');
  return pid;
}

type Data = Readonly<Record<string, unknown>>;

/** Returns an event of the run as lines for a person; none for one that says nothing new. */
function linesOf({ event, data }: AgentEvent, asked: Map<string, Asked>, style: Style): readonly string[] {
  const { dim, good, bad, strong } = style;
  const given = data as Data;
  switch (event) {
    case 'agent.step_completed': {
      for (const call of given['calls'] as readonly Asked[]) asked.set(call.call_id, call);
      const wanted = (given['calls'] as readonly Asked[]).map(
        (call) => `   asks for ${strong(call.model_name)} ${call.arguments}`,
      );
      return [style.title(`step ${String(given['step'])}`), ...wanted];
    }
    case 'agent.call_ended': {
      const name = asked.get(String(given['call_id']))?.model_name ?? '';
      const labels = given['labels'] as readonly string[];
      const labelled = labels.length === 0 ? '' : dim(`  [${labels.join(', ')}]`);
      return given['outcome'] === 'succeeded'
        ? [`   ${good('✓')} ${name} ${String(given['result'])}${labelled}`]
        : [`   ${bad('✗')} ${name} ${String(given['code'])}: ${String(given['detail'])}`];
    }
    case 'agent.run_completed':
      return ['', strong(String(given['output']))];
    case 'agent.run_failed':
      return ['', bad(`${String(given['code'])}: ${String(given['detail'])}`)];
    default:
      return [];
  }
}

/**
 * Shows an agent that looks something up, computes in a sandbox, is stopped by policy once, waits for the approval of a person
 * and survives a `kill -9` of the processors in the middle. The agent has a key of its own: who asks for a call never approves
 * it. Rejects with DemoError: DEMO_NEEDS_SCRIPTS where the model plays no scripts, DEMO_RUN_FAILED when the run has no result,
 * DEMO_NOT_REFUSED when policy stopped nothing.
 */
export async function runAgentDemo({ url, apiKey }: DemoPlatform, options: Options): Promise<AgentDemoReport> {
  const api = createApi({ url, token: apiKey });
  await register(api, options.keyFile);
  return withAgentKey(api, (key) => played(api, createApi({ url, token: key }), options));
}

/** Starts the run as the agent, and shows it to its end. */
async function played(api: Api, agent: Api, { style, write, kill, approve }: Options): Promise<AgentDemoReport> {
  write(
    `${style.title('An agent')}  ${style.dim('the answers are played from a script by the deterministic provider: no model decides')}\n`,
  );
  write(`   ${demoPrompt}\n`);
  const tools = demoTools.map(({ name }) => name);
  const body = { agent: 'demo', prompt: scriptedPrompt, tools, limits: { steps: 10 } } as Schemas['StartAgentRun'];
  const { run_id } = settledAnswer(await agent.POST('/v1/agents/runs', { body }));
  const asked = new Map<string, Asked>();
  const calls: Record<string, number> = {};
  let [killedPid, end]: [number | null, AgentEvent | null] = [null, null];
  for await (const event of followAgentRun(api, { runId: run_id })) {
    for (const line of linesOf(event, asked, style)) write(`${line}\n`);
    const { event: name, data } = event;
    if (name === 'agent.call_ended') calls[String(data['outcome'])] = (calls[String(data['outcome'])] ?? 0) + 1;
    if (name === 'agent.step_completed' && data['step'] === KILLED_IN_STEP) {
      killedPid = kill();
      if (killedPid !== null)
        write(`   ${style.bad(`kill -9 ${killedPid}`)}  ${style.dim('the process that runs the agent')}\n`);
    }
    if (name === 'agent.step_completed')
      await decideOn(api, data['calls'] as readonly Asked[], { write, style, approve });
    if (/^agent\.run_(?:completed|failed|cancelled)$/.test(name)) end = event;
  }
  return reportOf(run_id, end, calls, killedPid);
}

function reportOf(
  run_id: string,
  end: AgentEvent | null,
  calls: Readonly<Record<string, number>>,
  killed_pid: number | null,
): AgentDemoReport {
  if (end === null || end.event !== 'agent.run_completed')
    throw new DemoError('DEMO_RUN_FAILED', `the run ${run_id} has no result: ${end?.event ?? 'its stream ended'}`);
  if (Object.keys(calls).length === 0)
    throw new DemoError(
      'DEMO_NEEDS_SCRIPTS',
      'the model of this platform plays no scripts: KHIPU_SLM_PROVIDER=deterministic npm start',
    );
  if (!calls['refused']) throw new DemoError('DEMO_NOT_REFUSED', `policy stopped no call of the run ${run_id}`);
  return { run_id, outcome: 'completed', output: String(end.data['output']), calls, killed_pid };
}
