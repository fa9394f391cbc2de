import * as wasm from '@jitl/quickjs-wasmfile-release-sync';
import {
  newQuickJSWASMModuleFromVariant,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSSyncVariant,
} from 'quickjs-emscripten-core';
import { type Answer, DETAIL_CHARACTERS_MAX, type Job, Printed } from './protocol.ts';

// Its types describe the CommonJS form.
const variant = wasm.default as unknown as QuickJSSyncVariant;
const STACK_BYTES = 512 * 1_024;
const LEVELS = ['log', 'info', 'warn', 'error', 'debug'];

const shown = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));

/** Gives the program `console`, `input` and `files`, and nothing else of this process. */
function defineGlobals(vm: QuickJSContext, job: Job, printed: Printed): void {
  const print = vm.newFunction('print', (...args) => {
    printed.add(`${args.map((arg) => shown(vm.dump(arg))).join(' ')}\n`);
  });
  const console_ = vm.newObject();
  for (const level of LEVELS) vm.setProp(console_, level, print);
  vm.setProp(vm.global, 'console', console_);
  const texts = vm.newString(JSON.stringify({ input: job.input, files: job.files }));
  vm.setProp(vm.global, 'texts', texts);
  vm.unwrapResult(
    vm.evalCode('({ input: globalThis.input, files: globalThis.files } = JSON.parse(texts)); delete globalThis.texts'),
  ).dispose();
  for (const handle of [print, console_, texts]) handle.dispose();
}

/** Returns the value of a program as JSON; that of a promise when it is settled. */
function settledValue(vm: QuickJSContext, result: QuickJSHandle): string | null {
  vm.runtime.executePendingJobs().unwrap();
  const state = vm.getPromiseState(result);
  if (state.type === 'rejected') throw vm.dump(state.error);
  if (state.type === 'pending') throw new Error('the program waits for something that never happens');
  const stringify = vm.unwrapResult(vm.evalCode('JSON.stringify'));
  const text = vm.unwrapResult(vm.callFunction(stringify, vm.undefined, state.value));
  const value: unknown = vm.dump(text);
  return typeof value === 'string' ? value : null;
}

function failureOf(error: unknown, printed: Printed, isLate: boolean): Answer['error'] {
  const { name, message } = (error ?? {}) as { readonly name?: unknown; readonly message?: unknown };
  const detail = `${name ?? 'Error'}: ${message ?? shown(error)}`.slice(0, DETAIL_CHARACTERS_MAX);
  if (printed.isFull) return { kind: 'output', detail };
  if (isLate) return { kind: 'cpu', detail };
  return { kind: message === 'out of memory' ? 'memory' : 'program', detail };
}

/** Runs JavaScript in QuickJS, which has no function of this process but `console`. The process ends afterwards. */
export async function runJavaScript(job: Job): Promise<Answer> {
  const quickjs = await newQuickJSWASMModuleFromVariant(variant);
  const runtime = quickjs.newRuntime();
  const lateAt = Date.now() + job.cpuMs;
  let isLate = false;
  runtime.setMemoryLimit(job.memoryBytes);
  runtime.setMaxStackSize(STACK_BYTES);
  runtime.setInterruptHandler(() => {
    isLate ||= Date.now() > lateAt;
    return isLate;
  });
  const vm = runtime.newContext();
  const printed = new Printed(job.outputBytes);
  try {
    defineGlobals(vm, job, printed);
    const value = settledValue(vm, vm.unwrapResult(vm.evalCode(job.code, 'main.js')));
    return { output: printed.text, value, error: null };
  } catch (error) {
    return { output: printed.text, value: null, error: failureOf(error, printed, isLate) };
  }
}
