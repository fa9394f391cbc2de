import { problemCatalogue } from '../../../gateways/shared/problems/catalogue.ts';
import { type Disposition, logErrorCodes } from '../../../infra/kafka/errors.ts';
import { workErrorCodes } from '../../../infra/kafka/runner/work-error.ts';

const meaning: Readonly<Record<Disposition, string>> = {
  retry: 'tried again, with backoff',
  'dead-letter': 'the record goes to `<topic>.dlq`, the partition goes on',
  restart: 'the runner fences, reads what was committed and goes on from there',
  crash: 'the process ends and is started anew',
};

/** docs/reference/errors.md, from the catalogue of problems and the one of the log. */
export function errorsPage(): string {
  return `${[
    '# Error codes',
    '',
    '<!-- Generated from gateways/shared/problems/catalogue.ts and infra/kafka/errors.ts and work-error.ts by `npm run docs:pages`. Do not edit. -->',
    '',
    'A code never changes its meaning. Act on the code, show the `detail` to a person.',
    '',
    '## Over HTTP',
    '',
    'Problems are `application/problem+json` (RFC 9457) with `type`, `title`, `status`, `detail`, `instance`, `code` and',
    '`request_id`; a 400 names every wrong field in `errors`, a refusal carries its `decision`. 429 and 503 carry',
    '`Retry-After`.',
    '',
    '| Code | Status | Title |',
    '|---|---|---|',
    ...Object.entries(problemCatalogue).map(([code, { status, title }]) => `| \`${code}\` | ${status} | ${title} |`),
    '',
    '## In the log',
    '',
    'What a processor does about an error is decided in one place.',
    '',
    '| Code | Disposition | What happens |',
    '|---|---|---|',
    ...Object.entries(logErrorCodes).map(
      ([code, disposition]) => `| \`${code}\` | ${disposition} | ${meaning[disposition]} |`,
    ),
    '| `ENVELOPE_INVALID` | dead-letter | the record has no value or lacks a `ce_*` header |',
    '| `BYTES_NOT_FRAMED`, `BYTES_NOT_AVRO`, `RECORD_UNKNOWN` | dead-letter | the value is no record of ours |',
    '| `UNEXPECTED` | dead-letter | a processor threw: a bug |',
    '| `KEY_PARKED` | dead-letter | a record of its key died before; it waits behind it until that is redriven or dropped |',
    '',
    '## Work that was ended',
    '',
    'The code of the event that tells it, such as `TurnFailed`, and the `reason` of the handler’s signal.',
    '',
    '| Code | Why |',
    '|---|---|',
    ...Object.entries(workErrorCodes).map(([code, why]) => `| \`${code}\` | ${why} |`),
  ].join('\n')}\n`;
}
