import { useState } from 'preact/hooks';
import { api, write } from '../api/client.ts';
import { selectedTurn } from '../state/live.ts';
import { ProblemNote } from './states.tsx';
import { useAction } from './use-action.ts';

async function ask(persona: string, prompt: string): Promise<void> {
  const started = await write((header) =>
    api.POST('/v1/sessions/start', { params: { header }, body: { persona, prompt } }),
  );
  if (started.turn_id !== undefined) selectedTurn.value = started.turn_id;
}

/** Starts a session with a prompt: a governed command like that of any client. */
export function AskBox() {
  const action = useAction(ask);
  const [persona, setPersona] = useState('guide');
  const [prompt, setPrompt] = useState('');
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (prompt.trim() !== '' && (await action.run(persona, prompt.trim()))) setPrompt('');
  };
  return (
    <>
      <form class="ask" onSubmit={(event) => void submit(event)}>
        <input
          class="ask-persona"
          aria-label="Persona"
          value={persona}
          required
          onInput={({ currentTarget }) => setPersona(currentTarget.value)}
        />
        <input
          class="ask-prompt"
          aria-label="Prompt"
          placeholder="Ask something"
          autocomplete="off"
          value={prompt}
          onInput={({ currentTarget }) => setPrompt(currentTarget.value)}
        />
        <button type="submit" class="primary" disabled={action.isRunning}>
          Ask
        </button>
      </form>
      {action.error !== null && <ProblemNote error={action.error} />}
    </>
  );
}
