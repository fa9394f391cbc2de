import type { GovernedAction, GovernedCommand } from '../../schemas/constitution.ts';
import { DEFAULT_MODEL } from '../../schemas/kill-switch.ts';
import { assertNever } from '../kernel.ts';

/** A governed command as the evaluator sees it, whatever its kind. */
export interface Subject {
  readonly action: GovernedAction;
  readonly principal: string;
  readonly capabilities: readonly string[];
  /** Null outside of sessions. */
  readonly persona: string | null;
  readonly model: string | null;
  /** All that is said to the model; null for a session that starts without a prompt. */
  readonly text: string | null;
  readonly maxTokens: number | null;
  /** Declared by the caller. */
  readonly labels: readonly string[];
  /** Capability it takes; null when nothing would run. */
  readonly needs: string | null;
}

export function subjectOf(command: GovernedCommand): Subject {
  const { principal, capabilities, model, labels } = command.data;
  const common = { action: command.type, principal, capabilities, model, labels };
  const invoke = `slm:invoke:${model ?? DEFAULT_MODEL}`;
  switch (command.type) {
    case 'StartSession': {
      const { persona, prompt, maxTokens } = command.data;
      return { ...common, persona, text: prompt, maxTokens, needs: prompt === null ? null : invoke };
    }
    case 'SubmitTurn':
      return {
        ...common,
        persona: command.data.persona,
        text: command.data.prompt,
        maxTokens: command.data.maxTokens,
        needs: invoke,
      };
    case 'InferText':
      return { ...common, persona: null, text: command.data.prompt, maxTokens: command.data.maxTokens, needs: invoke };
    case 'EmbedText': {
      const needs = `slm:embed:${model ?? DEFAULT_MODEL}`;
      return { ...common, persona: null, text: command.data.input.join('\n'), maxTokens: null, needs };
    }
    default:
      return assertNever(command);
  }
}
