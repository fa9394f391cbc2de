import { endianness } from 'node:os';

/**
 * Classic BPF over `struct seccomp_data` {nr, arch, instruction pointer, six arguments of 64 bits}. Jumps are written with
 * labels; every jump goes forward. Source: linux/filter.h, linux/seccomp.h, seccomp(2).
 */
export type Line =
  | { readonly op: 'load'; readonly offset: number }
  | { readonly op: 'return'; readonly value: number }
  | { readonly op: 'jump'; readonly when: 'eq' | 'ge' | 'set'; readonly value: number; readonly to: string }
  | { readonly op: 'label'; readonly name: string };

/** Offsets of the number, the architecture, and the low half of an argument. */
export const OFFSET = { nr: 0, arch: 4, argument: (n: number) => 16 + 8 * n };

const LOAD_WORD_ABSOLUTE = 0x20;
const RETURN_CONSTANT = 0x06;
const JUMPS = { eq: 0x15, ge: 0x35, set: 0x45 } as const;
const ALWAYS = 0x05;
const INSTRUCTION_BYTES = 8;

/** Assembles a program. A conditional jump reaches 255 instructions, so each skips over one that reaches any. Little-endian machines only. */
export function assemble(lines: readonly Line[]): Buffer {
  if (endianness() !== 'LE') throw new Error('seccomp: expected a little-endian machine');
  const sizeOf = (line: Line): number => (line.op === 'label' ? 0 : line.op === 'jump' ? 2 : 1);
  const places = new Map<string, number>();
  let length = 0;
  for (const line of lines) {
    if (line.op === 'label') places.set(line.name, length);
    length += sizeOf(line);
  }
  const program = Buffer.alloc(length * INSTRUCTION_BYTES);
  let at = 0;
  const put = (code: number, yes: number, no: number, value: number): void => {
    program.writeUInt16LE(code, at * INSTRUCTION_BYTES);
    program.writeUInt8(yes, at * INSTRUCTION_BYTES + 2);
    program.writeUInt8(no, at * INSTRUCTION_BYTES + 3);
    program.writeUInt32LE(value >>> 0, at * INSTRUCTION_BYTES + 4);
    at += 1;
  };
  for (const line of lines) {
    if (line.op === 'load') put(LOAD_WORD_ABSOLUTE, 0, 0, line.offset);
    else if (line.op === 'return') put(RETURN_CONSTANT, 0, 0, line.value);
    else if (line.op === 'jump') {
      const target = places.get(line.to);
      if (target === undefined || target < at + 2) throw new Error(`seccomp: no label ${line.to} ahead`);
      put(JUMPS[line.when], 0, 1, line.value);
      put(ALWAYS, 0, 0, target - at - 1);
    }
  }
  return program;
}
