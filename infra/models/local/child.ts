import { setPriority } from 'node:os';
import { messageOf } from '../../kit/errors.ts';
import { SlmProviderError } from '../provider.ts';
import type { ChatModel } from './chat-model.ts';
import type { ChildMessage, ChildOptions, JobAnswer, JobCommand, ParentMessage } from './protocol.ts';

/**
 * The model process: loads, sends `ready`, then answers one job after the other. It lives as long as its IPC channel:
 * when the parent dies for any reason, the kernel closes the channel and `disconnect` ends this process. Ctrl-C reaches
 * the whole process group; this process ignores it, because the parent may still need its answers.
 */
process.on('disconnect', () => process.exit(0));
if (!process.connected) process.exit(0);
process.on('SIGINT', () => undefined);

/** Below interactive work, so that on few cores the model does not delay gateways and brokers. */
const niceness = 5;

const running = new Map<number, AbortController>();

/** Sends a message. A channel that closes meanwhile ends this process and is not an error. */
function send(message: ChildMessage, onSent: () => void = () => undefined): void {
  process.send?.(message, undefined, undefined, onSent);
}

async function answer(model: ChatModel, job: JobCommand, signal: AbortSignal): Promise<JobAnswer> {
  const { id } = job;
  try {
    if (job.type === 'embed') return { type: 'embedded', id, ...(await model.embed(job.input, signal)) };
    const onText = (text: string) => {
      if (text !== '') send({ type: 'delta', id, text });
    };
    return { type: 'completed', id, ...(await model.complete(job, onText, signal)) };
  } catch (error) {
    const message = messageOf(error);
    if (signal.aborted) return { type: 'refused', id, code: 'SLM_CANCELLED', message: 'cancelled' };
    return { type: 'refused', id, code: error instanceof SlmProviderError ? error.code : 'SLM_UNAVAILABLE', message };
  }
}

function serve(model: ChatModel): void {
  let last = Promise.resolve();
  process.on('message', (message: ParentMessage) => {
    if (message.type === 'cancel') {
      running.get(message.id)?.abort();
      return;
    }
    const controller = new AbortController();
    running.set(message.id, controller);
    last = last.then(async () => {
      const result = await answer(model, message, controller.signal);
      running.delete(message.id);
      send(result);
    });
  });
}

try {
  setPriority(niceness);
} catch {
  // A container may forbid it; the model then runs at normal priority.
}
try {
  // Imported late, so that the parent's death is also noticed during this second.
  const { ChatModel } = await import('./chat-model.ts');
  const model = await ChatModel.load(JSON.parse(process.argv[2] ?? '{}') as ChildOptions);
  serve(model);
  send({ type: 'ready', loadMs: process.uptime() * 1000, contextSize: model.contextSize });
} catch (error) {
  send({ type: 'broken', message: messageOf(error) }, () => process.exit(1));
}
