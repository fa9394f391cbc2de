import { problemCatalogue } from '../../../gateways/shared/problems/catalogue.ts';
import { type Disposition, logErrorCodes } from '../../../infra/kafka/errors.ts';
import { workErrorCodes } from '../../../infra/runner/worker/work-error.ts';

const meaning: Readonly<Record<Disposition, string>> = {
  retry: 'retried, with backoff',
  'dead-letter': 'the record goes to `<topic>.dlq`, and its partition continues',
  restart: 'the runner fences, reads the committed offsets and continues from there',
  crash: 'the process ends and is started again',
};

/** Returns docs/reference/errors.md, generated from the problem catalogue and the log error codes. */
export function errorsPage(): string {
  return `${[
    '# Error codes',
    '',
    '<!-- Generated from gateways/shared/problems/catalogue.ts and infra/kafka/errors.ts and work-error.ts by `npm run docs:pages`. Do not edit. -->',
    '',
    'The meaning of a code never changes. Handle the code in programs, and show the `detail` to people.',
    '',
    '## Over HTTP',
    '',
    'Problems are `application/problem+json` (RFC 9457) with `type`, `title`, `status`, `detail`, `instance`, `code` and',
    '`request_id`. A 400 names every invalid field in `errors`; a refusal has its `decision`. A 429 and a 503 have',
    '`Retry-After`; a 429 of a budget that never resets has none. The routes of the OpenAI API answer in its envelope.',
    '',
    '| Code | Status | Title |',
    '|---|---|---|',
    ...Object.entries(problemCatalogue).map(
      ([code, { status, title }]) => `| \`${code}\` | ${status} | <a id="${code}"></a>${title} |`,
    ),
    '',
    '## In the log',
    '',
    'One table defines how a processor handles each error.',
    '',
    '| Code | Disposition | What happens |',
    '|---|---|---|',
    ...Object.entries(logErrorCodes).map(
      ([code, disposition]) => `| \`${code}\` | ${disposition} | ${meaning[disposition]} |`,
    ),
    '| `ENVELOPE_INVALID` | dead-letter | the record has no value or lacks a `ce_*` header |',
    '| `BYTES_NOT_FRAMED`, `BYTES_NOT_AVRO`, `RECORD_UNKNOWN` | dead-letter | the value is not a record of the platform |',
    '| `UNEXPECTED` | dead-letter | a processor threw: a bug |',
    '| `KEY_PARKED` | dead-letter | an earlier record of its key failed; this one waits behind it until the earlier one is redriven or dropped |',
    '',
    '## Ended work',
    '',
    'These are codes of the event that reports the end, such as `TurnFailed`, and the `reason` of the handler’s abort signal.',
    '',
    '| Code | Cause |',
    '|---|---|',
    ...Object.entries(workErrorCodes).map(([code, why]) => `| \`${code}\` | ${why} |`),
  ].join('\n')}\n`;
}
