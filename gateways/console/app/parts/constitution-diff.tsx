import { useState } from 'preact/hooks';
import type { Schemas } from '../../../../infra/client/api.ts';
import { api, read } from '../api/client.ts';
import { pathText, valueText } from '../state/lines.ts';
import { Field } from './field.tsx';
import { Section } from './page.tsx';
import { Empty, Loaded } from './states.tsx';
import { useResource } from './use-resource.ts';

interface VersionChoiceProps {
  readonly label: string;
  readonly versions: readonly string[];
  readonly value: string;
  readonly onChange: (version: string) => void;
}

const VersionChoice = ({ label, versions, value, onChange }: VersionChoiceProps) => (
  <Field label={label}>
    <select value={value} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
      {versions.map((version) => (
        <option key={version}>{version}</option>
      ))}
    </select>
  </Field>
);

const WORDS = { add: 'added', remove: 'removed', replace: 'changed' } as const;

const Change = ({ change }: { readonly change: Schemas['ConstitutionDiff']['changes'][number] }) => (
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

/** The changes from one version to another. `versions` has two or more, the newest first. */
export function ConstitutionDiff({ versions }: { readonly versions: readonly string[] }) {
  const [version, setVersion] = useState(versions[0] ?? '');
  const [against, setAgainst] = useState(versions[1] ?? '');
  const found = useResource(`diff ${version} ${against}`, () =>
    read(api.GET('/v1/constitutions/{version}/diff', { params: { path: { version }, query: { against } } })),
  );
  return (
    <Section title="Difference">
      <div class="form-row diff-choice">
        <VersionChoice label="From" versions={versions} value={against} onChange={setAgainst} />
        <VersionChoice label="To" versions={versions} value={version} onChange={setVersion} />
      </div>
      <Loaded of={found} what="the difference">
        {({ changes }) =>
          changes.length === 0 ? (
            <Empty>The two documents are equal.</Empty>
          ) : (
            <ul class="changes">
              {changes.map((change) => (
                <Change key={change.path} change={change} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </Section>
  );
}
