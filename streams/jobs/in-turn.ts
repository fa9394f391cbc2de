import { inTurnBy, type StepOn } from '../kernel/in-turn.ts';
import { evolve } from './evolve.ts';
import { isKept, type Job, type JobState, type Output } from './state.ts';

/** Decides on a job that has not ended for good. */
export type Step = StepOn<Job, Output>;

/** Runs steps one after another, until the job has ended for good. Returns all outputs, in order. */
export const inTurn = inTurnBy<JobState, Job, Output>({ evolve, isKept });
