import type { ApiError } from '../../../../infra/client/api-error.ts';
import { ProblemNote } from './states.tsx';

interface FormEndProps {
  /** What the button says that sends the form. */
  readonly does: string;
  /** Class of that button: `primary`, `stop` or none. */
  readonly tone: string;
  /** The command that the form sends. */
  readonly action: { readonly error: ApiError | null; readonly isRunning: boolean };
  readonly onCancel: () => void;
}

/** End of the form of a dialog: the error of its command, the button that sends it, and the one that does not. */
export const FormEnd = ({ does, tone, action, onCancel }: FormEndProps) => (
  <>
    {action.error !== null && <ProblemNote error={action.error} />}
    <div class="form-actions">
      <button type="submit" class={tone} disabled={action.isRunning}>
        {does}
      </button>
      <button type="button" onClick={onCancel}>
        Not now
      </button>
    </div>
  </>
);
