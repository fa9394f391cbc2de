import type { SandboxLimits, SandboxResult } from './port.ts';
import type { Segment, SegmentEnd } from './wasm/protocol.ts';
import { runWasm } from './wasm/run.ts';

const MEBIBYTE = 1_024 * 1_024;

/** Bounds of a segment: it computes between two calls, and waits for nothing. */
export const segmentLimits: SandboxLimits = {
  ...{ wallMs: 20_000, cpuMs: 5_000, memoryBytes: 64 * MEBIBYTE, processes: 8 },
  ...{ diskBytes: MEBIBYTE, outputBytes: MEBIBYTE },
};

/** A part of a program with its code, which only the first one has, and the value of `input`. */
export interface SegmentRequest extends Segment {
  readonly code: string;
  readonly input: string;
  readonly signal?: AbortSignal;
}

/** The result of a segment. */
export interface SegmentResult extends Pick<SandboxResult, 'output' | 'error' | 'walls' | 'usage'> {
  /** Null for a program that failed. */
  readonly end: SegmentEnd | null;
}

/**
 * Runs a program in Python to its next call of one of the functions, or to its end, in the tier `wasm`. The same request has
 * the same call or value; the bytes of its snapshot may differ. A program that fails or exceeds a limit is a result with `error`. Rejects like `openSandbox`.
 */
export async function runSegment(
  { code, input, signal, ...segment }: SegmentRequest,
  limits: SandboxLimits = segmentLimits,
): Promise<SegmentResult> {
  const program = { language: 'python', code } as const;
  const request = { tier: 'wasm', program, input, ...(signal !== undefined && { signal }) } as const;
  const { value, output, error, walls, usage } = await runWasm(request, limits, segment);
  const end = error === null && value !== null ? (JSON.parse(value) as SegmentEnd) : null;
  return { end, output, error, walls, usage };
}
