import { useState } from 'preact/hooks';
import type { Chain, Step } from '../state/chain.ts';
import { duration, shortName, timeOfDay } from '../state/text.ts';

/** The records of a chain as knots on a cord, from the command down, each with its place in the log. */
export const ChainCord = ({ chain }: { readonly chain: Chain }) => (
  <ol class="chain" aria-label={`Records of command ${chain.commandId}`}>
    {chain.steps.map((step) => (
      <ChainKnot key={step.id} step={step} />
    ))}
  </ol>
);

const place = ({ topic, partition, offset }: Step): string =>
  `${topic}/${partition}${offset === null ? '' : `/${offset}`}`;

/** The fields of a record; their text is made when it is opened. */
function Fields({ data }: { readonly data: Readonly<Record<string, unknown>> }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>Fields</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard */}
      {isOpen && <pre tabIndex={0}>{JSON.stringify(data, null, 2)}</pre>}
    </details>
  );
}

const ChainKnot = ({ step }: { readonly step: Step }) => (
  <li class={`chain-step chain-${step.context}`}>
    <div class="chain-line">
      <span class="chain-name">{shortName(step.record)}</span>
      <span class="chain-place" title="topic/partition/offset">
        {place(step)}
      </span>
      <time class="chain-time" dateTime={step.at} title={timeOfDay(step.at)}>
        +{duration(step.afterMs)}
      </time>
      {step.decideUs !== null && <span class="chain-decide">decided in {duration(step.decideUs / 1_000)}</span>}
    </div>
    {step.summary !== '' && <p class="chain-summary">{step.summary}</p>}
    {step.data !== null && <Fields data={step.data} />}
  </li>
);
