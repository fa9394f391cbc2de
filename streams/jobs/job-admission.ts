import { topics } from '../../schemas/topics.ts';
import { processor } from '../kernel.ts';
import { decide } from './admission/decide.ts';
import { due, evolve, isIdle, noSlots } from './admission/state.ts';

/**
 * Gives the jobs of a concurrency key their slots: caps, rates, lanes, singletons, debounced starts and batches of starts. A key has one
 * state, whichever places its jobs are in, so its limits are exact. A slot is freed by what ends or holds its job, never by
 * a clock. Source: ADR 0024.
 */
export const jobAdmission = processor({
  name: 'job-admission',
  inputs: [topics.jobsSlots, topics.jobsSlotTimers],
  outputs: [topics.jobsAdmission, topics.jobsGrants],
  state: topics.jobAdmissionState,
  stateVersion: 2,
  initial: noSlots,
  finished: (slots) => isIdle(slots) && slots.rateAt === 0,
  key: ({ data }) => data.slotKey,
  decide,
  evolve,
  timers: { topic: topics.jobsSlotTimers, due },
});
