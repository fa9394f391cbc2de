import { useState } from 'preact/hooks';
import type { Schemas } from '../../../../infra/client/api.ts';
import { api, read } from '../api/client.ts';
import { Choose } from '../parts/choose.tsx';
import { Field } from '../parts/field.tsx';
import { Page, Section } from '../parts/page.tsx';
import { PageTurns } from '../parts/page-turns.tsx';
import { RunTable } from '../parts/run-table.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import { usePages } from '../parts/use-pages.ts';

type Status = Schemas['AgentRunSummary']['status'];

const EVERY_MS = 2_000;
const STATUSES: readonly Status[] = ['running', 'completed', 'failed', 'cancelled', 'refused'];

/** The runs of agents of the tenant, newest first. */
export function AgentsPage() {
  const [status, setStatus] = useState<Status | ''>('');
  const [agent, setAgent] = useState('');
  const where = { ...(status !== '' && { status }), ...(agent !== '' && { agent }) };
  const { page, next, previous } = usePages(
    `runs ${status} ${agent}`,
    (cursor) =>
      read(api.GET('/v1/agents/runs', { params: { query: { ...where, ...(cursor !== undefined && { cursor }) } } })),
    EVERY_MS,
  );
  const aside = (
    <div class="find">
      <Choose label="State" value={status} options={STATUSES} onChoose={(value) => setStatus(value as Status | '')} />
      <Field label="Agent">
        <input
          value={agent}
          maxLength={64}
          spellcheck={false}
          autocomplete="off"
          onChange={({ currentTarget }) => setAgent(currentTarget.value.trim())}
        />
      </Field>
    </div>
  );
  return (
    <Page title="Agents" lead="Models that ask for calls of tools until they have a result." aside={aside}>
      <Section title="Newest first">
        <Loaded of={page} what="runs">
          {({ items }) =>
            items.length === 0 ? (
              <Empty>
                No such run. <code>khipu agents run</code> starts one.
              </Empty>
            ) : (
              <RunTable caption="Runs" rows={items} />
            )
          }
        </Loaded>
        <PageTurns previous={previous} next={next} />
      </Section>
    </Page>
  );
}
