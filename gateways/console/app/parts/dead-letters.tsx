import { useState } from 'preact/hooks';
import type { Schemas } from '../../../../infra/client/api.ts';
import { api, read, write } from '../api/client.ts';
import { isOpen } from '../state/reader-activity.ts';
import { may } from '../state/session.ts';
import { count, dateTime } from '../state/text.ts';
import { Section } from './page.tsx';
import { Empty, Loaded, ProblemNote } from './states.tsx';
import { Table } from './table.tsx';
import { useAction } from './use-action.ts';
import { type Resource, useResource } from './use-resource.ts';

type DeadLetter = Schemas['DeadLetter'];

const EVERY_MS = 8_000;
const LETTERS_MAX = 200;

const placeOf = ({ from: { topic, partition, offset } }: DeadLetter): string =>
  `${topic}/${partition}/${offset < 0 ? '–' : offset}`;

const redrive = (names: string[]) =>
  write((header) => api.POST('/v1/dead-letters/redrive', { params: { header }, body: { names } }));
const drop = (names: string[]) =>
  write((header) => api.POST('/v1/dead-letters/drop', { params: { header }, body: { names } }));

interface CommandsProps {
  readonly chosen: ReadonlySet<string>;
  readonly onDone: () => void;
}

/** Redrives or drops the chosen letters. Dropping asks once more, because it loses the records. */
function LetterCommands({ chosen, onDone }: CommandsProps) {
  const [asks, setAsks] = useState(false);
  const action = useAction(async (perform: (names: string[]) => Promise<unknown>) => {
    await perform([...chosen]);
    setAsks(false);
    onDone();
  });
  const isOff = chosen.size === 0 || action.isRunning;
  return (
    <>
      {action.error !== null && <ProblemNote error={action.error} />}
      <div class="form-actions letter-commands">
        <button type="button" class="primary" disabled={isOff} onClick={() => void action.run(redrive)}>
          Redrive {chosen.size === 0 ? '' : count(chosen.size)}
        </button>
        {asks ? (
          <button type="button" class="danger" disabled={isOff} onClick={() => void action.run(drop)}>
            Drop {count(chosen.size)} without processing
          </button>
        ) : (
          <button type="button" disabled={isOff} onClick={() => setAsks(true)}>
            Drop…
          </button>
        )}
      </div>
    </>
  );
}

/** The dead letters that a page has read. */
export interface ReadLetters {
  readonly found: Resource<Schemas['DeadLetters']>;
  /** True when settled ones are read too. */
  readonly all: boolean;
  readonly setAll: (all: boolean) => void;
}

/** Reads the newest 200 dead letters, again every 8 s. */
export function useDeadLetters(): ReadLetters {
  const [all, setAll] = useState(false);
  const query = { limit: LETTERS_MAX, ...(all && { all: 'true' }) };
  const found = useResource(`letters ${all}`, () => read(api.GET('/v1/dead-letters', { params: { query } })), {
    everyMs: EVERY_MS,
  });
  return { found, all, setAll };
}

/** Records that a processor could not decide, with their cause. */
export function DeadLetters({ of: { found: letters, all, setAll } }: { readonly of: ReadLetters }) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const canRedrive = may('operations:redrive');
  const toggle = (name: string): void =>
    setChosen((before) => {
      const next = new Set(before);
      if (!next.delete(name)) next.add(name);
      return next;
    });
  const columns = [
    {
      head: 'letter',
      cell: (letter: DeadLetter) =>
        canRedrive && isOpen(letter) ? (
          <label class="choice">
            <input type="checkbox" checked={chosen.has(letter.name)} onChange={() => toggle(letter.name)} />
            <code>{letter.name}</code>
          </label>
        ) : (
          <code>{letter.name}</code>
        ),
    },
    { head: 'processor', cell: ({ processor }: DeadLetter) => processor },
    {
      head: 'cause',
      cell: ({ code, message }: DeadLetter) => (
        <>
          <code class="code">{code}</code> {message}
        </>
      ),
    },
    { head: 'record', cell: (letter: DeadLetter) => <code title={letter.key ?? undefined}>{placeOf(letter)}</code> },
    {
      head: 'parked',
      kind: 'number' as const,
      cell: ({ parked }: DeadLetter) => (parked === null ? '' : count(parked)),
    },
    { head: 'at', cell: ({ at }: DeadLetter) => dateTime(at) },
    {
      head: 'outcome',
      cell: ({ outcome }: DeadLetter) => (outcome === null ? 'open' : `${outcome.verb} by ${outcome.by}`),
    },
  ];
  const done = (): void => {
    setChosen(new Set());
    letters.reload();
  };
  const actions = (
    <label class="choice">
      <input type="checkbox" checked={all} onChange={({ currentTarget }) => setAll(currentTarget.checked)} />
      Settled ones too
    </label>
  );
  return (
    <Section title="Dead letters" note="records that could not be decided, with their cause" actions={actions}>
      <Loaded of={letters} what="dead letters">
        {({ items }) =>
          items.length === 0 ? (
            <Empty>No dead letter. Every record was decided.</Empty>
          ) : (
            <>
              <Table caption="Dead letters" rows={items} keyOf={(row) => row.name} columns={columns} />
              {canRedrive && <LetterCommands chosen={chosen} onDone={done} />}
            </>
          )
        }
      </Loaded>
    </Section>
  );
}
