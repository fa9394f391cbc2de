/**
 * Measures the memory of one key of state: `node --expose-gc tests/bench/state-memory.ts [keys]`. States are restored
 * as by a runner: parsed from the JSON of their state records, into the map that a task holds.
 */
import { randomUUID } from 'node:crypto';
import { type KeyTimers, TaskTimers } from '../../infra/runner/processor/task-timers.ts';
import { conversationOpened, turnCompleted, turnStarted } from '../../schemas/generated/records.ts';
import { conversation } from '../../streams/conversation/conversation.ts';
import { evolve, unopened } from '../../streams/conversation/state.ts';
import { NO_TIMERS, timersOf } from '../../streams/kernel/timers.ts';

const keys = Number(process.argv[2] ?? 100_000);
const { gc } = globalThis;
if (gc === undefined) throw new Error('run it with --expose-gc');

const ANSWER = 'A khipu is a cord that remembers. '.repeat(12);

/** Returns a conversation of `turns` turns, the last of which may be running. */
function conversationOf(sessionId: string, turns: number, runs: boolean): unknown {
  const opened = conversationOpened({
    ...{ sessionId, sequence: 1, persona: 'guide', model: null, principal: 'key-1', decisionId: randomUUID() },
  });
  let state = evolve(unopened, opened);
  for (let turn = 1; turn <= turns; turn += 1) {
    const place = { sessionId, turnId: randomUUID(), sequence: state.sequence + 1 };
    const deadline = 1_700_000_300_000 + turn;
    state = evolve(
      state,
      turnStarted({
        recalled: null,
        ...place,
        prompt: 'What is a khipu, and who tied it?',
        model: null,
        deadline,
        budget: null,
      }),
    );
    if (runs && turn === turns) break;
    const usage = {
      tokensConsumed: { prompt: 20, completion: 90 },
      attempt: 1,
      latencyMs: 900,
      modelId: 'm',
      finishReason: 'stop' as const,
      cost: '0.000022000',
      toolCalls: [],
    };
    state = evolve(
      state,
      turnCompleted({
        moderation: null,
        recalled: null,
        ...place,
        ...usage,
        sequence: place.sequence + 1,
        text: ANSWER,
      }),
    );
  }
  return state;
}

const kinds: Readonly<Record<string, (key: string) => unknown>> = {
  'a counter': () => ({ count: 12 }),
  'a conversation of one turn': (key) => conversationOf(key, 1, false),
  'a conversation of four turns': (key) => conversationOf(key, 4, false),
  'a conversation of four turns, the last with its timer': (key) => conversationOf(key, 4, true),
};

const heap = (): number => {
  for (let times = 0; times < 3; times += 1) gc();
  return process.memoryUsage().heapUsed;
};

/** Measures `count` keys: bytes of JSON and of heap per key. Its allocations are garbage when it returns. */
function measure(name: string, count: number): { readonly json: number; readonly memory: number } {
  const make = kinds[name] ?? (() => null);
  const before = heap();
  const states = new Map<string, unknown>();
  const timers = new Map<string, KeyTimers>();
  let json = 0;
  for (let index = 0; index < count; index += 1) {
    // As returned by a driver: one flat string, not a rope of pieces.
    const key = Buffer.from(randomUUID()).toString();
    const text = JSON.stringify(make(key));
    json += text.length;
    const state: unknown = JSON.parse(text);
    states.set(key, state);
    if (name.endsWith('timer')) timers.set(key, timerOf(key, state));
  }
  const task = new TaskTimers(conversation, timers);
  const memory = heap() - before;
  if (states.size !== count || task.size !== timers.size) throw new Error('keys were lost');
  return { json: json / count, memory: memory / count };
}

function timerOf(key: string, state: unknown): KeyTimers {
  const id = randomUUID();
  const cause = {
    id,
    tenantId: 'demo',
    place: 'demo/0',
    correlationId: id,
    traceparent: `00-${id.replaceAll('-', '')}-${id.slice(0, 8)}00000000-01`,
  };
  return timersOf(conversation, key, state, NO_TIMERS, cause);
}

console.log(`${keys} keys, node ${process.version}`);
console.log('| State of one key | as JSON, bytes | in memory, bytes |');
console.log('|---|---|---|');
for (const name of Object.keys(kinds)) {
  // The code itself allocates heap on its first run.
  measure(name, 1_000);
  const { json, memory } = measure(name, keys);
  console.log(`| ${name} | ${Math.round(json)} | ${Math.round(memory)} |`);
}
