import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import type { Schemas } from '../../../../infra/client/api.ts';
import { api, write } from '../api/client.ts';
import { forkedAt, type ProgramCall, programCalls, waitsAtCall, writtenAnswer } from '../state/program.ts';
import { may } from '../state/session.ts';
import { count, shortId } from '../state/text.ts';
import { Dialog } from './dialog.tsx';
import { Field, textField } from './field.tsx';
import { FormEnd } from './form-end.tsx';
import { Mark } from './mark.tsx';
import { Section } from './page.tsx';
import { RunLink } from './run-table.tsx';
import { Empty } from './states.tsx';
import { Table } from './table.tsx';
import { useAction } from './use-action.ts';

type Run = Schemas['AgentRun'];

const fork = (id: string, call: number, answer: unknown) =>
  write((header) =>
    api.POST('/v1/agents/runs/{run_id}/fork', { params: { path: { run_id: id }, header }, body: { call, answer } }),
  );

/** A button with a question for another answer; it leads to the run that goes on with it. */
function Fork({ run, at: { call, of } }: { readonly run: Run; readonly at: ProgramCall }) {
  const [isOpen, setOpen] = useState(false);
  const [isWrong, setWrong] = useState(false);
  const { route } = useLocation();
  const action = useAction(async (answer: unknown) => {
    const { run_id: id } = await fork(run.run_id, call, answer);
    route(`/console/agents/${id}`);
  });
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const written = writtenAnswer(textField(event.currentTarget as HTMLFormElement, 'answer'));
    setWrong(written === null);
    if (written === null) return;
    if (await action.run(written.answer)) setOpen(false);
  };
  return (
    <>
      <button type="button" onClick={() => setOpen(true)}>
        Fork at {count(call)}
      </button>
      <Dialog title={`Fork at call ${call}`} isOpen={isOpen} onClose={() => setOpen(false)}>
        <form onSubmit={(event) => void submit(event)}>
          <p>The new run goes on from here. Nothing before the call runs again.</p>
          <Field label="Answer" hint="JSON: what the program gets for this call.">
            <textarea
              name="answer"
              class="mono"
              rows={6}
              required
              spellcheck={false}
              defaultValue={of.result ?? 'null'}
            />
          </Field>
          {isWrong && (
            <p class="note note-bad" role="alert">
              Expected JSON.
            </p>
          )}
          <FormEnd does="Fork" tone="primary" action={action} onCancel={() => setOpen(false)} />
        </form>
      </Dialog>
    </>
  );
}

const Digest = ({ of }: { readonly of: string }) => (
  <span class="mono" title={of}>
    {shortId(of)}
  </span>
);

const columns = (run: Run) => [
  { head: 'call', kind: 'number' as const, cell: ({ call }: ProgramCall) => count(call) },
  { head: 'tool', cell: ({ of }: ProgramCall) => of.tool ?? of.model_name },
  { head: 'manifest', cell: ({ toolDigest: of }: ProgramCall) => <Digest of={of} /> },
  { head: 'state', cell: ({ of }: ProgramCall) => <Mark state={of.status} /> },
  { head: 'arguments', cell: ({ of }: ProgramCall) => <code>{of.arguments}</code> },
  { head: 'answer', cell: ({ of }: ProgramCall) => <code>{of.code ?? of.result ?? ''}</code> },
  {
    head: 'paused as',
    cell: ({ snapshot }: ProgramCall) => (snapshot === null ? '' : <Digest of={snapshot.digest} />),
  },
  {
    head: 'other answer',
    cell: (at: ProgramCall) =>
      at.snapshot !== null && may(`agents:start:${run.agent ?? ''}`) && <Fork run={run} at={at} />,
  },
];

/** The program of a run, the calls for which it paused with their answers, and a fork at each. */
export function Program({ run }: { readonly run: Run }) {
  if (run.program === null) return null;
  const calls = programCalls(run);
  const waits = waitsAtCall(run);
  const from = forkedAt(run);
  return (
    <>
      <Section title="Program" note="takes the place of the model">
        {from !== null && (
          <p>
            Forked from <RunLink id={from.run} /> at call {from.call}.
          </p>
        )}
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard */}
        {/* biome-ignore lint/a11y/useSemanticElements: a program is no landmark of its page */}
        <div class="json" role="group" aria-label="Program" tabIndex={0}>
          <pre>{run.program}</pre>
        </div>
      </Section>
      <Section title="Calls of the program" note={waits === null ? 'in their order' : `paused at call ${waits}`}>
        {calls.length === 0 ? (
          <Empty>No call yet.</Empty>
        ) : (
          <Table caption="Calls of the program" rows={calls} keyOf={({ of }) => of.call_id} columns={columns(run)} />
        )}
      </Section>
    </>
  );
}
