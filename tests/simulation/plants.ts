import { registerHooks } from 'node:module';
import type { Invariant } from './violation.ts';

interface Replacement {
  /** Source text that occurs exactly once in the module. */
  readonly found: string;
  readonly planted: string;
}

/** A bug: source text that is replaced while its module is loaded. The code under test does not know it. */
interface Plant {
  readonly what: string;
  readonly module: string;
  readonly replace: readonly Replacement[];
  /** Invariants of which one is the first to break. */
  readonly breaks: readonly Invariant[];
  /** Schedules within which it is found, when the usual number does not show it. */
  readonly schedules?: number;
}

const OPEN_IN_ORDER =
  'for (let slot = 0; slot < SLOTS; slot += 1) ' + `slots.push(await openSlot(\`\${id}-\${slot}\`));`;
const OPEN_BUT_ONE = OPEN_IN_ORDER.replace('await openSlot(', 'slot === 1 ? lazily(openSlot, id) : await openSlot(');
const OPEN_SIDE_BY_SIDE = `slots.push(...(await Promise.all([0, 1, 2].map((slot) => openSlot(\`\${id}-\${slot}\`)))));`;

const READ_COMMITTED = 'const committed = await log.committed(groupOf(name), topics);';

export const plants = {
  'offsets-before-fencing': {
    what: 'the committed offsets are read before older owners are fenced',
    module: 'infra/runner/fenced-tasks.ts',
    replace: [
      { found: READ_COMMITTED, planted: '' },
      { found: 'const transactors = new Map(', planted: `${READ_COMMITTED}\n  const transactors = new Map(` },
    ],
    breaks: ['applied-once', 'state-is-fold'],
  },
  'publish-before-commit': {
    what: 'new state is published before its transaction has committed',
    module: 'infra/runner/processor/task.ts',
    replace: [
      {
        found: 'await transactor.commit({ records: staged.records, group, offsets });',
        planted:
          'for (const each of this.#d.members)\n' +
          '      publish(each, staged.members.get(each.processor.name) as StagedMember);\n' +
          '    await transactor.commit({ records: staged.records, group, offsets });',
      },
    ],
    breaks: ['state-is-fold'],
  },
  'changed-state-unwritten': {
    what: 'a state counts as unchanged as soon as its key has one',
    module: 'infra/runner/processor/member-decider.ts',
    replace: [
      {
        found: 'if (held !== state) return false;',
        planted: 'if (held === undefined) return false;',
      },
    ],
    breaks: ['offsets-behind-outputs', 'state-is-fold'],
  },
  'handed-on-unwritten': {
    what: 'a record that is handed on within a topology is not written to its topic',
    module: 'infra/runner/processor/decider.ts',
    replace: [
      {
        found: 'staged.records.push(outgoing);',
        planted: 'if (!this.#internal.has(outgoing.topic)) staged.records.push(outgoing);',
      },
    ],
    breaks: ['offsets-behind-outputs'],
  },
  'hop-order-swapped': {
    what: 'records that are handed on are decided last in, first out',
    module: 'infra/runner/processor/decider.ts',
    replace: [{ found: 'chain.push({', planted: 'chain.splice(hops + 1, 0, {' }],
    breaks: ['order-per-key'],
  },
  'switch-without-draining': {
    what: 'a switch of the layout does not drain the topics that were handed on, or are to be',
    module: 'infra/runner/switch-topologies.ts',
    replace: [
      { found: 'await drain(from, dependencies);', planted: '' },
      { found: '} while ((await undrainedOf(log, from)).length > 0);', planted: '} while (false);' },
    ],
    breaks: ['offsets-behind-outputs', 'applied-once', 'order-per-key', 'state-is-fold', 'no-input-lost'],
  },
  'switch-beside-the-old': {
    what: 'a process of an older epoch goes on after a switch of the layout',
    module: 'infra/runner/fenced-tasks.ts',
    replace: [{ found: 'await mayTakeOver?.();', planted: '' }],
    breaks: ['applied-once', 'order-per-key', 'state-is-fold', 'offsets-behind-outputs'],
  },
  'skip-one-slot': {
    what: 'one of the transactional ids is not fenced at a takeover, only when it is first used',
    module: 'infra/kafka/rotating-transactor.ts',
    replace: [
      {
        found: OPEN_IN_ORDER,
        planted: OPEN_BUT_ONE,
      },
      {
        found: 'const broken = (',
        planted:
          'const lazily = (open: (id: string) => Promise<Slot>, id: string): Slot => ({\n' +
          "  commit: async (batch) => (await open(id + '-1')).commit(batch),\n" +
          '  close: async () => undefined,\n' +
          '});\n\nconst broken = (',
      },
    ],
    breaks: ['applied-once', 'offsets-behind-outputs', 'order-per-key', 'state-is-fold', 'timers-fire-once'],
  },
  'fence-side-by-side': {
    what: 'the transactional ids are fenced in any order (a bug that this simulation found)',
    module: 'infra/kafka/rotating-transactor.ts',
    replace: [{ found: OPEN_IN_ORDER, planted: OPEN_SIDE_BY_SIDE }],
    breaks: ['applied-once', 'offsets-behind-outputs', 'order-per-key', 'state-is-fold', 'timers-fire-once'],
    schedules: 1_500,
  },
  'commit-past-unfinished': {
    what: 'a worker commits the offset of all records it has read, finished or not',
    module: 'infra/runner/worker/progress.ts',
    replace: [
      {
        found: 'return { offset: this.#base, metadata:',
        planted:
          "if (this.#end >= 0) return { offset: this.#end, metadata: '' };\n    return { offset: this.#base, metadata:",
      },
    ],
    breaks: ['offsets-behind-outputs'],
  },
  'lease-counted-twice': {
    what: 'a place enters a lease twice',
    module: 'streams/policy/lease-account.ts',
    replace: [
      {
        found: 'unused: plus(account.unused, event.data),',
        planted: 'unused: plus(plus(account.unused, event.data), event.data),',
      },
    ],
    breaks: ['budget-not-overdrawn'],
  },
  'recalled-lease-spent': {
    what: 'a place returns a recalled lease and keeps it for its commands',
    module: 'streams/policy/lease-account.ts',
    replace: [
      {
        found: 'return { ...account, unused: minus(account.unused, event.data), kept: nothing, askedAhead: false };',
        planted: 'return { ...account, kept: nothing, askedAhead: false };',
      },
    ],
    breaks: ['budget-not-overdrawn'],
  },
  'refused-before-the-recall': {
    what: 'the ledger refuses a command while other places hold unused leases',
    module: 'streams/budget/questions.ts',
    replace: [
      {
        found: "some(({ loose, recalled }) => loose || recalled) ? 'waits' : 'refused';",
        planted: "some(({ recalled }) => recalled) ? 'waits' : 'refused';",
      },
    ],
    breaks: ['refused-when-spent'],
  },
  'step-recorded-later': {
    what: 'a worker goes on after a step, and records it when its run ends',
    module: 'tests/simulation/jobs/run.ts',
    replace: [
      {
        found: 'if (!this.#commit(recordJobStep({ ...this.#place(), entry }))) return;',
        planted: 'this.late = [...(this.late ?? []), recordJobStep({ ...this.#place(), entry })];',
      },
      {
        found: 'this.#commit(endJobRun({',
        planted: 'for (const report of this.late ?? []) this.#commit(report);\n    this.#commit(endJobRun({',
      },
    ],
    breaks: ['step-not-again'],
  },
  'journal-by-arrival': {
    what: 'the journal of a job names its entries by the order in which they came',
    module: 'streams/jobs/journal.ts',
    replace: [
      {
        found: 'jobId, entry: kept }), event];',
        planted: "jobId, entry: { ...kept, path: '', name: 'a', nth: journal.entries + 1 } }), event];",
      },
    ],
    breaks: ['step-not-again', 'entry-final', 'journal-is-result', 'comes-to-rest'],
  },
  'sleep-without-its-mark': {
    what: 'the end of a sleep is not kept in the journal',
    module: 'streams/jobs/journal.ts',
    replace: [
      {
        found: 'return [keepJobEntry({',
        planted: "if (kept.kind === 'sleep') return [event];\n  return [keepJobEntry({",
      },
    ],
    breaks: ['comes-to-rest'],
  },
  'stale-run-counts': {
    what: 'reports of an earlier run are taken for those of the latest',
    module: 'streams/jobs/jobs.ts',
    replace: [{ found: "run !== 'ended' && report.generation === generation;", planted: "run !== 'ended';" }],
    breaks: ['entry-final', 'step-not-again', 'journal-is-result'],
  },
  'wake-forgotten': {
    what: 'a wait that ends during a run does not lead to another run',
    module: 'streams/jobs/evolve.ts',
    replace: [{ found: 'isWoken: job.isWoken || woke,', planted: 'isWoken: job.isWoken,' }],
    breaks: ['comes-to-rest'],
  },
  'wait-begun-again': {
    what: 'a wait that ended during a run is begun again by that run (a bug that this simulation found)',
    module: 'streams/jobs/waits.ts',
    replace: [{ found: 'if ([...job.waits, ...job.ended].some((known)', planted: 'if (job.waits.some((known)' }],
    breaks: ['entry-final', 'comes-to-rest', 'timers-fire-once'],
  },
  'slot-too-many': {
    what: 'a key has one slot more than its limit',
    module: 'streams/jobs/admission/state.ts',
    replace: [{ found: 'held.length >= max;', planted: 'held.length > max;' }],
    breaks: ['slots-never-more'],
  },
  'slot-freed-before-the-end': {
    what: 'a job gives back its slot with the end of each run',
    module: 'streams/jobs/evolve.ts',
    replace: [
      {
        found: 'const isOfRun = job.spec.admission?.limits.isPerRun ?? false;',
        planted: 'const isOfRun = true;',
      },
    ],
    breaks: ['slots-never-more'],
  },
  'slot-kept-between-runs': {
    what: 'a job whose slot belongs to the run keeps it while it waits',
    module: 'streams/jobs/evolve.ts',
    replace: [
      {
        found: 'const isOfRun = job.spec.admission?.limits.isPerRun ?? false;',
        planted: 'const isOfRun = false;',
      },
    ],
    breaks: ['slots-never-leak'],
  },
  'slot-kept-on-suspension': {
    what: 'a job that is suspended does not give back its slot',
    module: 'streams/jobs/slots.ts',
    replace: [
      {
        found: 'if (needs(after, slot.request)) return [];',
        planted: "if (needs(after, slot.request) || (isKept(after) && after.status === 'suspended')) return [];",
      },
    ],
    breaks: ['slots-never-leak'],
  },
  'schedule-timer-without-mark': {
    what: 'a due time that was run stays the next one of its schedule',
    module: 'streams/schedules/evolve.ts',
    replace: [
      {
        found: '...{ ...schedule, nextDueAt, taken: schedule.taken',
        planted: '...{ ...schedule, taken: schedule.taken',
      },
    ],
    breaks: ['due-once'],
  },
  'overlap-ignored': {
    what: 'a due time is run beside a running job, whatever its schedule allows',
    module: 'streams/schedules/runs.ts',
    replace: [{ found: 'if (mayRunBeside ||', planted: "if (spec.overlap !== 'cancel_other' ||" }],
    breaks: ['no-overlap', 'comes-to-rest'],
  },
  'irreversible-sent-again': {
    what: 'the tool worker sends an irreversible call again when an earlier run of it ended without an answer',
    module: 'infra/tools/worker/handler.ts',
    replace: [
      {
        found: 'if (isIrreversible && context.attempt > 1) {',
        planted: 'if (isIrreversible && context.attempt > 9) {',
      },
    ],
    breaks: ['effect-once'],
  },
  'irreversible-sent-before-its-start': {
    what: 'an irreversible call is sent before its start is in the log',
    module: 'infra/tools/worker/handler.ts',
    replace: [
      {
        found: 'await (isIrreversible ? context.commit(began) : context.emit(began));',
        planted: 'await context.emit(began);',
      },
    ],
    breaks: ['effect-once', 'effect-as-decided'],
  },
  'approval-of-another-digest': {
    what: 'an approval counts although the arguments have changed since',
    module: 'streams/approvals/decision.ts',
    replace: [
      { found: 'open.revisingBy !== null || command.digest !== open.digest', planted: 'open.revisingBy !== null' },
    ],
    breaks: ['approval-bound'],
  },
  'votes-outlive-an-edit': {
    what: 'the approvals of a call count on after its arguments were edited',
    module: 'streams/approvals/state.ts',
    replace: [
      {
        found: 'argumentsDigest: sha256(args), approvers: [],',
        planted: 'argumentsDigest: sha256(args), approvers: openOf(state, approvalId)?.approvers ?? [],',
      },
    ],
    breaks: ['approval-bound'],
  },
  'grant-of-another-argument': {
    what: 'a grant for one digest of arguments covers a call whose arguments have changed',
    module: 'streams/approvals/grants.ts',
    replace: [{ found: 'grant.argumentsDigest === sha256(call.arguments)', planted: 'true' }],
    breaks: ['approval-bound'],
  },
  'grant-counted-where-the-call-is': {
    what: 'the uses of a grant outside sessions are not counted where all of its calls ask',
    module: 'streams/approvals/state.ts',
    replace: [
      {
        found: 'return { ...state, grants: used(state, event.data.grantId, event.data.uses) };',
        planted: 'return state;',
      },
    ],
    breaks: ['approval-bound'],
  },
  'uncovered-call-not-asked': {
    what: 'a call outside sessions that no grant covers is not asked of people',
    module: 'streams/approvals/approvals.ts',
    replace: [
      {
        found: 'return answered(sought, record.data) ?? requested(state, sought.call, meta);',
        planted: 'return answered(sought, record.data) ?? [];',
      },
      { found: 'sought.until > timeMs ? [] : requested(', planted: 'sought.until > -1 ? [] : requested(' },
    ],
    breaks: ['comes-to-rest'],
  },
  'held-call-forgotten': {
    what: 'a call that was approved is forgotten at its end, so that a repeat of its command asks again',
    module: 'streams/tools/call.ts',
    replace: [
      {
        found: "return isRunning(state) && state.isIrreversible ? { status: 'kept' } : { status: 'ended' };",
        planted: "return { status: 'ended' };",
      },
    ],
    breaks: ['effect-once', 'approval-bound'],
  },
  'agent-step-run-again': {
    what: 'an answer that a model gives again makes the step of an agent again',
    module: 'streams/agents/steps.ts',
    replace: [
      {
        found:
          "finishReason, tokensConsumed, cost, latencyMs, moderation } = answer;\n  if (run.phase !== 'asked' || requestId !== requestIdOf(runId, run)) return [];",
        planted: 'finishReason, tokensConsumed, cost, latencyMs, moderation } = answer;',
      },
    ],
    breaks: ['run-ends-once', 'comes-to-rest'],
  },
  'agent-answers-before-its-calls': {
    what: 'an agent asks its model again as soon as one of its parallel calls has ended',
    module: 'streams/agents/evolve.ts',
    replace: [
      { found: 'return results.length < calls.length || calls.length === 0', planted: 'return calls.length === 0' },
    ],
    breaks: ['run-ends-once', 'comes-to-rest'],
  },
  'forgotten-memory-returns': {
    what: 'a forgotten memory leaves no trace in the state, so that a repeat of its command brings it back',
    module: 'streams/memory/memory.ts',
    replace: [{ found: "return { status: 'forgotten' };", planted: "return { status: 'absent' };" }],
    breaks: ['memory-is-fold'],
  },
} as const satisfies Readonly<Record<string, Plant>>;

export type PlantName = keyof typeof plants;
export const isPlant = (name: string): name is PlantName => Object.hasOwn(plants, name);

/** Plants the bug in all later imports. The import throws when the source text to replace is missing. */
export function plant(name: PlantName): void {
  const { module, replace } = plants[name];
  registerHooks({
    load: (url, context, next) => {
      const loaded = next(url, context);
      if (!url.endsWith(`/${module}`)) return loaded;
      let source = String(loaded.source);
      for (const { found, planted } of replace) {
        const parts = source.split(found);
        if (parts.length !== 2)
          throw new Error(`plant ${name}: ${module} must hold this once, not ${parts.length - 1} times: ${found}`);
        source = parts.join(planted);
      }
      return { ...loaded, source };
    },
  });
}
