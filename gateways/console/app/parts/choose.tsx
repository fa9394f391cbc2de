import { Field } from './field.tsx';

interface ChooseProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly string[];
  readonly onChoose: (value: string) => void;
}

/** A filter of a list; the empty value is all of it. */
export const Choose = ({ label, value, options, onChoose }: ChooseProps) => (
  <Field label={label}>
    <select value={value} onChange={({ currentTarget }) => onChoose(currentTarget.value)}>
      <option value="">all</option>
      {options.map((option) => (
        <option key={option} value={option}>
          {option}
        </option>
      ))}
    </select>
  </Field>
);
