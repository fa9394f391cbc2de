import { useRoute } from 'preact-iso/router';
import type { Schemas } from '../../../../infra/client/api.ts';
import { api, read, write } from '../api/client.ts';
import { Command } from '../parts/command.tsx';
import { Chips, Fact, Mark } from '../parts/mark.tsx';
import { Page, Section } from '../parts/page.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import { Table } from '../parts/table.tsx';
import { useResource } from '../parts/use-resource.ts';
import { validityOf } from '../state/memories.ts';
import { may } from '../state/session.ts';
import { dateTime, shortId } from '../state/text.ts';

type Memory = Schemas['MemoryDetail'];
type Link = Memory['links'][number];

const EVERY_MS = 5_000;

const forget = (id: string, reason: string) =>
  write((header) =>
    api.POST('/v1/memory/memories/{memory_id}/forget', {
      params: { path: { memory_id: id }, header },
      body: { reason },
    }),
  );

const Facts = ({ memory }: { readonly memory: Memory }) => (
  <dl class="facts">
    <Fact label="state">
      <Mark state={memory.status} />
    </Fact>
    <Fact label="space">{memory.space}</Fact>
    <Fact label="validity">{validityOf(memory, Date.now())}</Fact>
    <Fact label="valid from">{memory.valid_from === null ? 'the beginning' : dateTime(memory.valid_from)}</Fact>
    <Fact label="valid to">{memory.valid_to === null ? 'open' : dateTime(memory.valid_to)}</Fact>
    {memory.remembered_at !== null && <Fact label="kept">{dateTime(memory.remembered_at)}</Fact>}
    {memory.forgotten_at !== null && <Fact label="forgotten">{dateTime(memory.forgotten_at)}</Fact>}
    <Fact label="by">{memory.principal}</Fact>
    {memory.source !== null && <Fact label="source">{memory.source}</Fact>}
    {memory.call_id !== null && (
      <Fact label="call">
        <span class="mono" title={memory.call_id}>
          {shortId(memory.call_id)}
        </span>
      </Fact>
    )}
    <Fact label="digest">
      <span class="mono" title={memory.digest}>
        {shortId(memory.digest)}
      </span>
    </Fact>
    {memory.tags.length > 0 && (
      <Fact label="tags">
        <Chips items={memory.tags} />
      </Fact>
    )}
    {memory.labels.length > 0 && (
      <Fact label="labels">
        <Chips items={memory.labels} tone="warn" />
      </Fact>
    )}
    {Object.entries(memory.metadata).map(([name, value]) => (
      <Fact key={name} label={name}>
        {value}
      </Fact>
    ))}
  </dl>
);

const MemoryEnd = ({ id, self }: { readonly id: string; readonly self: string }) =>
  id === self ? (
    'this memory'
  ) : (
    <a class="mono" href={`/console/memory/${id}`} title={id}>
      {shortId(id)}
    </a>
  );

const linkColumns = (self: string) => [
  { head: 'from', cell: ({ from_key: id }: Link) => <MemoryEnd id={id} self={self} /> },
  { head: 'how', cell: ({ type }: Link) => type },
  { head: 'to', cell: ({ to_key: id }: Link) => <MemoryEnd id={id} self={self} /> },
  { head: 'since', cell: ({ created_at: at }: Link) => (at === '' ? '' : dateTime(at)) },
];

function Story({ memory, onChanged }: { readonly memory: Memory; readonly onChanged: () => void }) {
  const { memory_id: id, links, status, space } = memory;
  const mayForget = status === 'kept' && may(`memory:forget:${space}`);
  return (
    <>
      <Section
        title="Memory"
        note={<code>{id}</code>}
        actions={
          mayForget && (
            <Command
              does="Forget"
              asks="Forget the memory"
              isFinal
              send={(reason) => forget(id, reason)}
              onDone={onChanged}
            />
          )
        }
      >
        <Facts memory={memory} />
        {status === 'forgotten' ? (
          <Empty>It was forgotten: its text is gone.</Empty>
        ) : (
          <p class="run-text">{memory.text}</p>
        )}
      </Section>
      <Section title="Links">
        {links.length === 0 ? (
          <Empty>It is linked with no other memory.</Empty>
        ) : (
          <Table
            caption="Links"
            rows={links}
            keyOf={({ from_key: from, to_key: to, type }) => `${from} ${type} ${to}`}
            columns={linkColumns(id)}
          />
        )}
      </Section>
    </>
  );
}

/** A memory: its text, when it is true, where it comes from, and what it is linked with. */
export function MemoryPage() {
  const { params } = useRoute();
  const id = params['id'] ?? '';
  const path = { memory_id: id };
  const memory = useResource(
    `memory ${id}`,
    () => read(api.GET('/v1/memory/memories/{memory_id}', { params: { path } })),
    { everyMs: EVERY_MS },
  );
  return (
    <Page title={`Memory ${shortId(id)}`} lead="A text that was kept, with the time for which it is true.">
      <Loaded of={memory} what="the memory">
        {(found) => <Story memory={found} onChanged={memory.reload} />}
      </Loaded>
    </Page>
  );
}
