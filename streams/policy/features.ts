import type {
  ConstitutionDocument,
  FeatureName,
  ModerationRule,
} from '../../schemas/contexts/constitution/document.ts';
import type { Finding } from '../../schemas/generated/records.ts';
import type { GovernedRequest } from '../../schemas/governed.ts';
import type { Resource } from '../../schemas/governed-command.ts';
import type { Fit } from './capabilities.ts';

/** The facts of an evaluation. */
export interface Facts {
  readonly request: GovernedRequest;
  readonly document: ConstitutionDocument;
  /** False for a persona that neither the tenant nor the platform has. */
  readonly hasPersona: boolean;
  readonly findings: readonly ModerationRule[];
  /** Findings of moderation and of label rules, for the record. */
  readonly found: readonly Finding[];
  /** Labels declared by the caller, then those found in the text. */
  readonly labels: readonly string[];
  readonly fit: Fit;
  /** Length of the text, in UTF-16 units. */
  readonly chars: number;
  /** Longest text of such a command that the constitution allows, in UTF-16 units. */
  readonly charsMax: number;
}

/**
 * Returns true when a list contains `name` or `*`. Null, which requests the default, is always allowed. Never throws.
 */
export const allows = (names: readonly string[], name: string | null): boolean =>
  name === null || names.includes(name) || names.includes('*');

/** Returns the requested model; null for the default one, and when the resource is not a model. Never throws. */
export const modelOf = ({ resource }: { readonly resource: Resource }): string | null =>
  resource.type === 'Model' ? resource.id : null;

/**
 * Returns 1 up to half of the limit, then falls linearly to 0 at the limit, so that the score reacts before a limit is
 * exceeded.
 */
const easing = (value: number, limit: number): number => Math.min(1, Math.max(0, 2 - (2 * value) / limit));

/**
 * Control characters except tab and line ends, private use and unassigned characters: people do not type them,
 * obfuscation uses them.
 */
const ILLEGIBLE = /[\p{Cc}\p{Co}\p{Cn}]/gu;

function legibility(text: string): number {
  if (text === '') return 1;
  const strange = (text.match(ILLEGIBLE) ?? []).filter((char) => !/[\t\n\r]/.test(char)).length;
  return Math.max(0, 1 - (10 * strange) / text.length);
}

/** The features phi(x): pure functions of the facts, from 0 (bad) to 1 (good). Never throw. */
export const features: Readonly<Record<FeatureName, (facts: Facts) => number>> = {
  /** 0 after a forbidding rule; halved by each rule of caution. */
  prompt_safety: ({ findings }) =>
    findings.some(({ severity }) => severity === 'forbid') ? 0 : 0.5 ** findings.length,
  /** Distance of the text from the longest one allowed. */
  prompt_length: ({ chars, charsMax }) => easing(chars, charsMax),
  /** 1 for text that people type, 0 when one in ten characters is illegible. */
  prompt_legibility: ({ request, charsMax }) => legibility((request.text ?? '').slice(0, charsMax)),
  /** Distance of the requested answer length from the longest one allowed; 1 when no length was requested. */
  token_budget: ({ request, document }) =>
    request.maxTokens === null ? 1 : easing(request.maxTokens, document.limits.max_tokens_max),
  /** Least privilege: 1 for exactly the needed capability, 0.8 for a wildcard, 0 without. */
  capability_fit: ({ fit }) => ({ exact: 1, wildcard: 0.8, missing: 0 })[fit],
  /** 1 when the persona exists and the constitution lists it, or the command has none. */
  persona_known: ({ request, document, hasPersona }) =>
    hasPersona && allows(document.personas, request.persona) ? 1 : 0,
  /** 1 when the constitution lists the model, or the default one is requested. */
  model_known: ({ request, document }) => (allows(document.models, modelOf(request)) ? 1 : 0),
};
