/** Vocabularies of moderation: where texts are checked, what can look for what in them, and the codes of refusals. */

/**
 * Places of a check: `input`, the text of a command before policy decides on it; `tool`, the output of a tool before a
 * model or a caller receives it; `output`, the answer of a model before any of it is written.
 */
export const moderationPlaces = ['input', 'tool', 'output'] as const;
export type ModerationPlace = (typeof moderationPlaces)[number];

/** Places of a rule that names none. */
export const PLACES_DEFAULT: readonly ModerationPlace[] = ['input'];

/** Detectors of a form in a text: what they find has a beginning and an end, so that they can check a text as it flows. */
export const spanDetectors = ['payment-card', 'iban', 'phone', 'email-address', 'national-id', 'secret-key'] as const;
export type SpanDetector = (typeof spanDetectors)[number];

/** Detectors of a property of a whole text, with a score from 0 to 1. They see whole texts only: inputs and tool outputs. */
export const scoreDetectors = ['prompt-injection'] as const;
export type ScoreDetector = (typeof scoreDetectors)[number];

export type DetectorName = SpanDetector | ScoreDetector;
export const detectorNames: readonly DetectorName[] = [...spanDetectors, ...scoreDetectors];

/** Least score of a finding where the rule names none. */
export const SCORE_MIN_DEFAULT = 0.5;

/** Name of a category of the outside classifier, such as `violence/graphic`. */
export const CATEGORY = /^[a-z0-9][a-z0-9/_.-]{0,63}$/;
/** Most categories of one answer of the outside classifier that are kept. */
export const CATEGORIES_MAX = 64;

/** Code of a model's answer that was cut: part of it broke a rule. */
export const OUTPUT_REFUSED = 'OUTPUT_REFUSED';
/** Stands for a part of an answer that a rule redacts. */
export const REDACTED = '[redacted]';
/** Code of a model's answer that could not be checked: no constitution is verified where it is written. */
export const OUTPUT_UNCHECKED = 'OUTPUT_UNCHECKED';
/** Code of a call of a tool whose output broke a rule and is withheld. */
export const TOOL_OUTPUT_REFUSED = 'TOOL_OUTPUT_REFUSED';
/** Code of a command or an answer that the outside classifier gave no answer on. */
export const MODERATION_UNAVAILABLE = 'MODERATION_UNAVAILABLE';
/** Label of a command that was let through without an answer of the outside classifier, by a setting. */
export const UNMODERATED = 'unmoderated';
