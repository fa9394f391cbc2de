import { inTurnBy } from '../kernel/in-turn.ts';
import { evolve } from './evolve.ts';
import { isRunning, type Output, type Run, type RunState } from './state.ts';

/** Runs steps one after another, until the run has ended. Returns all outputs, in order. */
export const inTurn = inTurnBy<RunState, Run, Output>({ evolve, isKept: isRunning });
