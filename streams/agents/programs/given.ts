import { PROGRAM_RESULT_BYTES_MAX } from '../../../schemas/contexts/agents.ts';
import type { AgentCallEnded } from '../../../schemas/generated/records.ts';
import { errorResult } from '../history.ts';

/** Returns the result of a call for a program: the whole one, or the error that it is too long. `resultBytes`: of the whole. */
export function givenTo(
  whole: string,
  resultBytes = Buffer.byteLength(whole),
): Pick<AgentCallEnded, 'result' | 'resultBytes'> & Partial<AgentCallEnded> {
  if (resultBytes <= PROGRAM_RESULT_BYTES_MAX) return { result: whole, resultBytes };
  const code = 'TOOL_OUTPUT_TOO_LARGE';
  const detail = `The result has ${resultBytes} bytes; a program is given ${PROGRAM_RESULT_BYTES_MAX}.`;
  return { result: errorResult(code, detail), resultBytes, code, detail };
}
