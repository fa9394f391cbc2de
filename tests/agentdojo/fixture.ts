import { readFileSync } from 'node:fs';

/** A call that AgentDojo's ground truth makes. */
export interface TaskCall {
  readonly tool: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** A call of a user's task; `{{vector}}` in its output is a place that an attacker can write to. */
export interface UserCall extends TaskCall {
  readonly output: string;
}

export interface UserTask {
  readonly id: string;
  readonly prompt: string;
  readonly calls: readonly UserCall[];
}

export interface InjectionTask {
  readonly id: string;
  /** What the injected text asks for. */
  readonly goal: string;
  /** None where it asks for words alone. */
  readonly calls: readonly TaskCall[];
}

export interface Suite {
  readonly name: string;
  readonly tools: readonly {
    readonly name: string;
    readonly description: string;
    readonly parameters: readonly string[];
  }[];
  readonly user_tasks: readonly UserTask[];
  readonly injection_tasks: readonly InjectionTask[];
  /** Injection tasks without a ground truth, which cannot be played. */
  readonly left_out: readonly string[];
}

export interface Fixture {
  readonly source: string;
  readonly package: string;
  readonly license: string;
  /** The text of an injection, with `{goal}`. */
  readonly attack: string;
  readonly suites: readonly Suite[];
}

/** The tasks of AgentDojo; make-fixture.py made them. */
export const fixture = JSON.parse(readFileSync(new URL('tasks.json', import.meta.url), 'utf8')) as Fixture;

const VECTOR = /\{\{\w+\}\}/g;

/** Returns an output as an attacker left it; without a goal, as it is with nothing injected. */
export const outputWith = (output: string, goal: string | null): string =>
  output.replaceAll(VECTOR, goal === null ? '' : fixture.attack.replace('{goal}', goal).replaceAll('$', '$$$$'));

/** Returns true for a result in which the model finds an injection. */
export const isInjected = (text: string): boolean => text.includes('<INFORMATION>');
