import { useRoute } from 'preact-iso/router';
import type { Schemas } from '../../../../infra/client/api.ts';
import { api, read, write } from '../api/client.ts';
import { Command } from '../parts/command.tsx';
import { Json } from '../parts/json.tsx';
import { Fact, Mark } from '../parts/mark.tsx';
import { Page, Section } from '../parts/page.tsx';
import { Quarantine } from '../parts/quarantine.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import { Table } from '../parts/table.tsx';
import { useResource } from '../parts/use-resource.ts';
import { may } from '../state/session.ts';
import { amount, count, dateTime, duration, shortId } from '../state/text.ts';

type Tool = Schemas['Tool'];
type Version = Schemas['ToolVersion'];
type Call = Schemas['ToolCall'];

const EVERY_MS = 5_000;
const CALLS_SHOWN = 20;
const VERSIONS_SHOWN = 50;

interface ToolStory {
  readonly tool: Tool;
  readonly health: Schemas['ToolHealth'];
  readonly versions: readonly Version[];
  readonly calls: readonly Call[];
}

async function readTool(name: string): Promise<ToolStory> {
  const path = { tool: name };
  const [tool, health, versions, calls] = await Promise.all([
    read(api.GET('/v1/tools/{tool}', { params: { path } })),
    read(api.GET('/v1/tools/{tool}/health', { params: { path } })),
    read(api.GET('/v1/tools/{tool}/versions', { params: { path, query: { limit: VERSIONS_SHOWN } } })),
    read(api.GET('/v1/tools/{tool}/audit', { params: { path, query: { limit: CALLS_SHOWN } } })),
  ]);
  return { tool, health, versions: versions.items, calls: calls.items };
}

const check = (name: string) =>
  write((header) => api.POST('/v1/tools/{tool}/check', { params: { path: { tool: name }, header }, body: {} }));

const Digest = ({ of }: { readonly of: string | null }) =>
  of === null ? null : (
    <span class="mono" title={of}>
      {shortId(of)}
    </span>
  );

const Facts = ({ story: { tool, health } }: { readonly story: ToolStory }) => (
  <dl class="facts">
    <Fact label="state">
      <Mark state={tool.status} />
    </Fact>
    <Fact label="health">
      <Mark state={health.status} />
    </Fact>
    <Fact label="effect">
      <Mark state={tool.effect} />
    </Fact>
    <Fact label="tier">{tool.tier}</Fact>
    <Fact label="adapter">{tool.adapter}</Fact>
    <Fact label="version">{tool.manifest_version}</Fact>
    <Fact label="definitions">{count(tool.version)}</Fact>
    <Fact label="digest">
      <Digest of={tool.digest} />
    </Fact>
    {tool.changed_at !== null && <Fact label="changed">{dateTime(tool.changed_at)}</Fact>}
  </dl>
);

const versionColumns = [
  { head: 'definition', kind: 'number' as const, cell: ({ version }: Version) => count(version) },
  { head: 'what', cell: ({ status }: Version) => <Mark state={status} /> },
  { head: 'digest', cell: ({ digest }: Version) => <Digest of={digest} /> },
  { head: 'by', cell: ({ principal }: Version) => principal },
  { head: 'at', cell: ({ created_at: at }: Version) => (at === null ? '' : dateTime(at)) },
];

const callColumns = [
  { head: 'asked', cell: ({ created_at: at }: Call) => (at === null ? '' : dateTime(at)) },
  { head: 'call', cell: ({ call_id: id }: Call) => <Digest of={id} /> },
  { head: 'state', cell: ({ status }: Call) => <Mark state={status} /> },
  { head: 'asked by', cell: ({ principal }: Call) => principal },
  {
    head: 'reason',
    cell: ({ code, detail }: Call) => (code === null ? '' : <span title={detail ?? ''}>{code}</span>),
  },
  { head: 'tier', cell: ({ tier }: Call) => tier ?? '' },
  {
    head: 'took',
    kind: 'number' as const,
    cell: ({ latency_ms: ms }: Call) => (ms === null ? '' : duration(ms)),
  },
  { head: 'cost', kind: 'number' as const, cell: ({ cost }: Call) => (cost === null ? '' : amount(cost)) },
];

function Story({ story, onChanged }: { readonly story: ToolStory; readonly onChanged: () => void }) {
  const { tool, health, versions, calls } = story;
  return (
    <>
      <Section
        title="Tool"
        note={tool.description}
        actions={
          tool.adapter === 'mcp' &&
          may('tool:admin') && (
            <Command does="Compare with its server" send={() => check(tool.name)} onDone={onChanged} />
          )
        }
      >
        <Facts story={story} />
        <p class={health.status === 'healthy' || health.status === 'unused' ? 'quiet' : 'note'}>{health.detail}</p>
      </Section>
      <Quarantine tool={tool} versions={versions} onDone={onChanged} />
      <Section title="Versions" note="the newest first">
        <Table
          caption="Versions"
          rows={versions}
          keyOf={({ version, status }) => `${version} ${status}`}
          columns={versionColumns}
        />
      </Section>
      <Section title="Latest calls">
        {calls.length === 0 ? (
          <Empty>No call yet.</Empty>
        ) : (
          <Table caption="Latest calls" rows={calls} keyOf={(row) => row.call_id} columns={callColumns} />
        )}
      </Section>
      <Section title="Manifest" note="what its signatures cover">
        <Json value={tool.manifest} label="Manifest" />
      </Section>
    </>
  );
}

/** A tool: what it may do and where, its versions, and its latest calls. */
export function ToolPage() {
  const { params } = useRoute();
  const name = params['name'] ?? '';
  const story = useResource(`tool ${name}`, () => readTool(name), { everyMs: EVERY_MS });
  return (
    <Page title={name} lead="A tool, by the manifest that was signed for it.">
      <Loaded of={story} what="the tool">
        {(found) => <Story story={found} onChanged={story.reload} />}
      </Loaded>
    </Page>
  );
}
