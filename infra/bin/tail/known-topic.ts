import { allTopics, deadLetterTopic } from '../../../schemas/topics.ts';
import { failure } from '../failure.ts';

/** Expects a topic of the catalogue, or its dead-letter topic. Throws TOPIC_UNKNOWN with the names that resemble it, else all. */
export function expectTopic(name: string): void {
  const known = allTopics.flatMap((topic) => [topic.name, ...(topic.deadLetters ? [deadLetterTopic(topic.name)] : [])]);
  if (known.includes(name)) return;
  const [context = name] = name.split('.');
  const similar = known.filter((each) => each.startsWith(context) && !each.endsWith('.dlq'));
  const shown = similar.length > 0 ? similar : allTopics.map((topic) => topic.name);
  throw failure('TOPIC_UNKNOWN', `no topic is named ${name}; there are ${shown.join(', ')}`);
}
