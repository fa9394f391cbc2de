import type { DocumentChange } from '../../../../schemas/differences.ts';
import { pathText, valueText } from '../state/lines.ts';

const WORDS = { add: 'added', remove: 'removed', replace: 'changed' } as const;

const Change = ({ change }: { readonly change: DocumentChange }) => (
  <li class={`change change-${change.op}`}>
    <p>
      <strong>{pathText(change.path)}</strong> <span class="quiet">{WORDS[change.op]}</span>
    </p>
    {change.op !== 'add' && (
      <p class="before">
        <span class="sign" aria-hidden="true">
          −
        </span>
        <span class="hidden">before: </span>
        <del>{valueText(change.before)}</del>
      </p>
    )}
    {change.op !== 'remove' && (
      <p class="after">
        <span class="sign" aria-hidden="true">
          +
        </span>
        <span class="hidden">after: </span>
        <ins>{valueText(change.after)}</ins>
      </p>
    )}
  </li>
);

/** Differences of two documents, by path. */
export const Changes = ({ changes }: { readonly changes: readonly DocumentChange[] }) => (
  <ul class="changes">
    {changes.map((change) => (
      <Change key={change.path} change={change} />
    ))}
  </ul>
);
