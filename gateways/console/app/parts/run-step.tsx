import type { Schemas } from '../../../../infra/client/api.ts';
import { type CallApprovals, callRemark, waitsForPeople } from '../state/agent-run.ts';
import { amount, count, duration } from '../state/text.ts';
import { Json } from './json.tsx';
import { Chips, Mark } from './mark.tsx';
import { RunLink } from './run-table.tsx';

type Step = Schemas['AgentRun']['steps_taken'][number];
type Call = Step['calls'][number];

/** Returns JSON as a value; any other text as it is: a model may write what is no JSON. */
function shownValue(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** A call that the model asked for: arguments, and what it was shown of the result. */
function RunCall({ call, approvals }: { readonly call: Call; readonly approvals: CallApprovals }) {
  const name = call.tool ?? call.model_name;
  const remark = callRemark(call, approvals);
  const label = `${name} ${call.call_id}`;
  return (
    <li class="run-call">
      <p class="turn-line">
        <strong>{name}</strong>
        <Mark state={waitsForPeople(call, approvals) ? 'waiting' : call.status} />
        {call.cost !== null && <span class="quiet">cost {amount(call.cost)}</span>}
        {approvals.has(call.call_id) && <a href={`/console/approvals/${call.call_id}`}>approval</a>}
        {call.child_run_id !== null && (
          <span>
            run <RunLink id={call.child_run_id} />
          </span>
        )}
      </p>
      {remark !== '' && <p class="quiet">{remark}</p>}
      {call.labels.length > 0 && <Chips items={call.labels} tone="warn" />}
      <details>
        <summary>Arguments{call.result !== null && ' and result'}</summary>
        <Json value={shownValue(call.arguments)} label={`Arguments of ${label}`} />
        {call.result !== null && <Json value={shownValue(call.result)} label={`Result of ${label}`} />}
      </details>
    </li>
  );
}

/** A step of a run: the answer of the model, and the calls that it asks for. */
export const RunStep = ({ step, approvals }: { readonly step: Step; readonly approvals: CallApprovals }) => (
  <li>
    <h3 class="turn-line">
      Step {count(step.step)} <Mark state={step.status} />
    </h3>
    <p class="turn-line quiet">
      {step.model_id !== null && <span>{step.model_id}</span>}
      {step.tokens !== null && (
        <span>
          {count(step.tokens.prompt)} + {count(step.tokens.completion)} tokens
        </span>
      )}
      {step.cost !== null && <span>cost {amount(step.cost)}</span>}
      {step.latency_ms !== null && <span>{duration(step.latency_ms)}</span>}
    </p>
    {step.text !== null && step.text !== '' && <p class="run-text">{step.text}</p>}
    {step.rejected !== null && <p class="note note-bad">{step.rejected}</p>}
    {step.labels.length > 0 && <Chips items={step.labels} tone="warn" />}
    {step.calls.length > 0 && (
      <ul>
        {step.calls.map((call) => (
          <RunCall key={call.call_id} call={call} approvals={approvals} />
        ))}
      </ul>
    )}
  </li>
);
