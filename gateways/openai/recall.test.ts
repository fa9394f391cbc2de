import { expect, it } from 'vitest';
import { sessionSpace } from '../../schemas/contexts/memory.ts';
import { recallIn, turnRecall } from '../shared/turn-recall.ts';
import { chatBody } from './chat-schemas.ts';
import { createResponseBody } from './responses/body.ts';

const messages = [{ role: 'user', content: 'When does the office close?' }];
const recall = { spaces: ['shared', 'session', 'shared'], as_of: '2026-11-01T00:00:00Z' };

it('a request of the OpenAI API takes what to recall beside the fields of OpenAI', () => {
  const chat = chatBody.parse({ model: 'default', messages, recall });
  const response = createResponseBody.parse({ model: 'default', input: 'When?', recall });
  for (const { recall: asked } of [chat, response])
    expect(recallIn({ recall: asked }, 's-1')).toEqual({
      ...{ spaces: ['shared', sessionSpace('s-1')], k: turnRecall.parse({}).k, answer: null },
      asOf: Date.parse('2026-11-01T00:00:00Z'),
    });
});

it('one without it recalls nothing, and one that asks for no space of a name is refused', () => {
  expect(recallIn(chatBody.parse({ model: 'default', messages }), 's-1')).toBeNull();
  expect(recallIn(chatBody.parse({ model: 'default', messages, recall: null }), 's-1')).toBeNull();
  expect(chatBody.safeParse({ model: 'default', messages, recall: { spaces: ['No name'] } }).success).toBe(false);
});
