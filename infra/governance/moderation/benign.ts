/** Benign prompts of our own, for the training of the prompt-injection head: each template with each of its fillings. */
import texts from './benign.json' with { type: 'json' };

const filled = (templates: readonly string[], mark: string, fillings: readonly string[]): readonly string[] =>
  templates.flatMap((template) => fillings.map((filling) => template.replace(mark, filling)));

/** Returns all prompts, in a fixed order. */
export const benignPrompts = (): readonly string[] => [
  ...filled(texts.questions, 'TOPIC', texts.topics),
  ...filled(texts.requests, 'ITEM', texts.items),
  ...filled(texts.tasks, 'NAME', texts.names),
  ...texts.plain,
];
