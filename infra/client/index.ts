/** The client of the HTTP API, `khipu/client`: for Node, other runtimes with `fetch`, and browsers. */
export { type AgentEvent, type AgentRunStream, followAgentRun, openAgentRun } from './agent-events.ts';
export { type Api, type ApiOptions, createApi, type Schemas } from './api.ts';
export { ApiError } from './api-error.ts';
export { followTurn } from './follow-turn.ts';
export { followJob, type JobEvent, type JobStream, openJob } from './job-events.ts';
export type { Reconnection } from './reconnect.ts';
export { type Answer, type Settled, settledAnswer, untilSettled } from './settle.ts';
export { createTicket, type EventSourceLike, type TicketedStream, ticketedEvents } from './ticketed-events.ts';
export { type TurnEvent, type TurnStream, turnEvents } from './turn-events.ts';
