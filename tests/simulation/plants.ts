import { registerHooks } from 'node:module';
import type { Invariant } from './violation.ts';

interface Replacement {
  /** Stands exactly once in the module. */
  readonly found: string;
  readonly planted: string;
}

/** A bug, as source that is replaced while its module is loaded. The code under test knows nothing of it. */
interface Plant {
  readonly what: string;
  readonly module: string;
  readonly replace: readonly Replacement[];
  /** Which of the invariants may be the first to break. */
  readonly breaks: readonly Invariant[];
}

const OPEN_IN_ORDER =
  'for (let slot = 0; slot < SLOTS; slot += 1) ' + `slots.push(await openSlot(\`\${id}-\${slot}\`));`;
const OPEN_BUT_ONE = OPEN_IN_ORDER.replace('await openSlot(', 'slot === 1 ? lazily(openSlot, id) : await openSlot(');
const OPEN_SIDE_BY_SIDE = `slots.push(...(await Promise.all([0, 1, 2].map((slot) => openSlot(\`\${id}-\${slot}\`)))));`;

export const plants = {
  'offsets-before-fencing': {
    what: 'the committed offsets are read before older owners are fenced',
    module: 'infra/kafka/runner/processor-runner.ts',
    replace: [
      {
        found: 'const transactors = await Promise.all(',
        planted:
          'const committed = await log.committed(groupOf(name), inputs.map((topic) => topic.name));\n' +
          '    const transactors = await Promise.all(',
      },
      {
        found:
          'const committed = await log.committed(\n      groupOf(name),\n      inputs.map((topic) => topic.name),\n    );',
        planted: '',
      },
    ],
    breaks: ['applied-once', 'state-is-fold'],
  },
  'publish-before-commit': {
    what: 'new state is published before its transaction has committed',
    module: 'infra/kafka/runner/processor-task.ts',
    replace: [
      {
        found: 'await transactor.commit({ records: staged.records, group, offsets });',
        planted:
          'for (const [key, value] of staged.state) state.set(key, value);\n' +
          '    await transactor.commit({ records: staged.records, group, offsets });',
      },
    ],
    breaks: ['state-is-fold'],
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
    breaks: ['applied-once', 'offsets-behind-outputs', 'order-per-key', 'state-is-fold'],
  },
  'fence-side-by-side': {
    what: 'the transactional ids are fenced in any order (a bug that this simulation found)',
    module: 'infra/kafka/rotating-transactor.ts',
    replace: [{ found: OPEN_IN_ORDER, planted: OPEN_SIDE_BY_SIDE }],
    breaks: ['applied-once', 'offsets-behind-outputs', 'order-per-key', 'state-is-fold'],
  },
  'commit-past-unfinished': {
    what: 'a worker commits the offset behind what it has read, finished or not',
    module: 'infra/kafka/runner/progress.ts',
    replace: [
      {
        found: 'return { offset: this.#base, metadata:',
        planted:
          "if (this.#end >= 0) return { offset: this.#end, metadata: '' };\n    return { offset: this.#base, metadata:",
      },
    ],
    breaks: ['offsets-behind-outputs'],
  },
} as const satisfies Readonly<Record<string, Plant>>;

export type PlantName = keyof typeof plants;
export const isPlant = (name: string): name is PlantName => Object.hasOwn(plants, name);

/** Plants the bug in what is imported from here on. The import throws when the source it replaces is not there any more. */
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
