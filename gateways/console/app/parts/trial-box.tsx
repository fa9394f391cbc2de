import { useState } from 'preact/hooks';
import type { Schemas } from '../../../../infra/client/api.ts';
import { api, write } from '../api/client.ts';
import { type DecisionView, findingLines, viewOfDecision } from '../state/chain.ts';
import { Field, textField } from './field.tsx';
import { Section } from './page.tsx';
import { Decision } from './score.tsx';
import { ProblemNote } from './states.tsx';
import { useAction } from './use-action.ts';

type Trial = Schemas['Trial'];

interface TrialBoxProps {
  /** Published versions, the active one first. */
  readonly versions: readonly string[];
  /** Names; empty while they are not known. */
  readonly personas: readonly string[];
}

const viewOf = (trial: Trial): DecisionView => ({
  ...viewOfDecision(trial.decision),
  ...{ commandType: trial.command_type, features: trial.features, labels: trial.labels },
  findings: findingLines(trial.findings),
});

/** Asks how a prompt would be decided, by any published version. Nothing starts and nothing is charged. */
export function TrialBox({ versions, personas }: TrialBoxProps) {
  const [trial, setTrial] = useState<Trial | null>(null);
  const action = useAction(async (prompt: string, persona: string, version: string) => {
    const body = { prompt, persona, ...(version !== '' && { constitution_version: version }) };
    setTrial(await write((header) => api.POST('/v1/policy/trials', { params: { header }, body })));
  });
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    void action.run(textField(form, 'prompt'), textField(form, 'persona'), textField(form, 'version'));
  };
  return (
    <Section
      title="What would this prompt do?"
      note="decided by the policy processor; nothing starts and nothing is charged"
    >
      <form class="trial" onSubmit={submit}>
        <Field label="Prompt">
          <textarea name="prompt" rows={3} required maxLength={100_000} />
        </Field>
        <div class="form-row">
          <Field label="Persona">
            <select name="persona">
              {personas.map((persona) => (
                <option key={persona}>{persona}</option>
              ))}
            </select>
          </Field>
          <Field label="Constitution">
            <select name="version">
              {versions.map((version) => (
                <option key={version}>{version}</option>
              ))}
            </select>
          </Field>
          <button type="submit" class="primary" disabled={action.isRunning || personas.length === 0}>
            {action.isRunning ? 'Deciding…' : 'Try it'}
          </button>
        </div>
      </form>
      <div aria-live="polite">
        {action.error !== null && <ProblemNote error={action.error} />}
        {trial !== null && <Decision decision={viewOf(trial)} counterfactuals={trial.counterfactuals} />}
      </div>
    </Section>
  );
}
