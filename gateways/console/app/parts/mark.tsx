import type { ComponentChildren } from 'preact';

/** Tone of a state: its colour, beside its word. */
export type Tone = 'good' | 'bad' | 'warn' | 'calm' | 'busy';

const TONES: Readonly<Record<string, Tone>> = {
  ...{
    allow: 'good',
    completed: 'good',
    started: 'good',
    active: 'good',
    published: 'good',
    running: 'busy',
    ok: 'good',
    granted: 'good',
    approved: 'good',
    succeeded: 'good',
    answered: 'good',
    healthy: 'good',
    registered: 'good',
    updated: 'good',
    kept: 'good',
    pass: 'good',
    passed: 'good',
    improve: 'good',
    listed: 'good',
    installed: 'good',
    approve: 'good',
  },
  ...{
    deny: 'bad',
    failed: 'bad',
    refused: 'bad',
    revoked: 'bad',
    rejected: 'bad',
    suspended: 'bad',
    disabled: 'bad',
    dead: 'bad',
    invalid: 'bad',
    failing: 'bad',
    stopped: 'bad',
    quarantined: 'bad',
    irreversible: 'bad',
    regress: 'bad',
    reject: 'bad',
  },
  ...{
    pending: 'warn',
    inconclusive: 'warn',
    queued: 'warn',
    behind: 'warn',
    proposed: 'warn',
    shadow: 'warn',
    'in review': 'warn',
    submitted: 'warn',
    yanked: 'warn',
    unknown: 'calm',
  },
  ...{ asked: 'busy', requested: 'busy', expired: 'warn', degraded: 'warn', write: 'warn' },
  ...{ attempted: 'warn', paused: 'warn', skipped: 'calm', finished: 'calm', waiting: 'calm', cancelled: 'calm' },
};

/** Returns the tone of a state of the API; a state that this page does not know is calm. */
export const toneOf = (state: string): Tone => TONES[state] ?? 'calm';

/** A state in words, with a knot in its colour. */
export const Mark = ({ state, tone = toneOf(state) }: { readonly state: string; readonly tone?: Tone }) => (
  <span class={`mark mark-${tone}`}>
    <span class="knot" aria-hidden="true" />
    {state}
  </span>
);

/** A short fact: a label and its value. */
export const Fact = ({ label, children }: { readonly label: string; readonly children: ComponentChildren }) => (
  <div class="fact">
    <dt>{label}</dt>
    <dd>{children}</dd>
  </div>
);

/** A row of chips, such as clauses or capabilities. */
export const Chips = ({ items, tone = 'calm' }: { readonly items: readonly string[]; readonly tone?: Tone }) => (
  <ul class="chips">
    {items.map((item) => (
      <li key={item} class={`chip chip-${tone}`}>
        {item}
      </li>
    ))}
  </ul>
);
