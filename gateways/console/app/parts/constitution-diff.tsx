import { useState } from 'preact/hooks';
import { api, read } from '../api/client.ts';
import { Changes } from './changes.tsx';
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
          changes.length === 0 ? <Empty>The two documents are equal.</Empty> : <Changes changes={changes} />
        }
      </Loaded>
    </Section>
  );
}
