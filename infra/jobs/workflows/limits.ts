/** Bounds of workflows. */

/** Most values of a document, and deepest one. */
export const WORKFLOW_VALUES_MAX = 10_000;
export const WORKFLOW_DEPTH_MAX = 64;
/** Most tasks of a document. */
export const WORKFLOW_TASKS_MAX = 500;
/** Most tasks that one run begins: a loop ends with it. */
export const WORKFLOW_STEPS_MAX = 10_000;
/** Most items of a `for` whose iterations run at once, and most that run at the same time: a job has 1,000 waits. */
export const WORKFLOW_FAN_OUT_MAX = 1_000;
export const WORKFLOW_PARALLEL_MAX = 500;
/** Longest expression, in characters. */
export const EXPRESSION_CHARS_MAX = 4_096;
/** Most data that jq is given, and that it returns, in bytes of JSON. A path alone needs no jq. */
export const EXPRESSION_DATA_BYTES_MAX = 128 * 1024;
export const EXPRESSION_VALUE_BYTES_MAX = 32 * 1024;
/** Most memory of an evaluator, in bytes. */
export const EXPRESSION_MEMORY_BYTES_MAX = 128 * 1024 * 1024;
/** Longest evaluation, in ms, the start of the evaluator included. */
export const EXPRESSION_MS_MAX = 10_000;
