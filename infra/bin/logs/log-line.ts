import type { Style } from '../show/style.ts';

const LEVELS: Readonly<Record<number, string>> = {
  10: 'TRACE',
  20: 'DEBUG',
  30: 'INFO',
  40: 'WARN',
  50: 'ERROR',
  60: 'FATAL',
};

const WARN = 40;

interface LogLine {
  readonly level: number;
  readonly time: string;
  readonly msg?: string;
}

function parsed(line: string): (LogLine & Readonly<Record<string, unknown>>) | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && 'level' in value && 'time' in value
      ? (value as LogLine & Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

/** Returns a line of a log for people: time, level, message and fields; a line that is not of our logger is unchanged. */
export function logLineText(line: string, style: Style): string {
  const found = parsed(line);
  if (found === null) return line;
  // Role and process are known: the user named them.
  const { level, time, msg = '', role: _role, pid: _pid, ...fields } = found;
  const name = (LEVELS[level] ?? String(level)).padEnd(5);
  const shown = level >= WARN ? style.bad(name) : name;
  const rest = Object.keys(fields).length === 0 ? '' : `  ${style.dim(JSON.stringify(fields))}`;
  return `${style.dim(String(time))} ${shown} ${msg}${rest}`;
}
