import type { Ask } from '../state/capsules.ts';

interface GrantsProps {
  readonly asks: readonly Ask[];
  /** Capabilities that are chosen at first. */
  readonly chosen: readonly string[];
  /** Capabilities that were not asked for before. */
  readonly added?: readonly string[];
}

/** The capabilities that a capsule asks for, of which a tenant chooses what it grants. */
export const Grants = ({ asks, chosen, added = [] }: GrantsProps) => (
  <fieldset class="grants">
    <legend>Granted to its runs</legend>
    {asks.map(({ capability, isNeeded }) => (
      <label key={capability} class="choice">
        <input type="checkbox" name="granted" value={capability} defaultChecked={chosen.includes(capability)} />
        <span>
          <code>{capability}</code>
          {isNeeded && <span class="quiet"> runs are refused without it</span>}
          {added.includes(capability) && <strong> not asked for before</strong>}
        </span>
      </label>
    ))}
  </fieldset>
);

/** Returns the capabilities that are chosen in a submitted form. */
export const grantedIn = (form: HTMLFormElement): string[] =>
  new FormData(form).getAll('granted').filter((value) => typeof value === 'string');
