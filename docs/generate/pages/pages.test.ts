import { describe, expect, it } from 'vitest';
import { problemCatalogue } from '../../../gateways/shared/problems/catalogue.ts';
import { variables } from '../../../infra/config.ts';
import { logErrorCodes } from '../../../infra/kafka/errors.ts';
import { configurationPage } from './configuration.ts';
import { errorsPage } from './errors.ts';
import { metricsPage } from './metrics.ts';

const rowsOf = (page: string, name: string): string[] =>
  page.split('\n').filter((line) => line.startsWith(`| \`${name}\` |`));

describe('the page of variables', () => {
  const page = configurationPage();

  it('names each variable once, as a row', () => {
    for (const name of Object.keys(variables.shape)) expect(rowsOf(page, name)).toHaveLength(1);
  });

  it('shows which variables are required, and the defaults', () => {
    expect(page).toMatch(/`KAFKA_BROKERS` \| \*\*required\*\*/);
    expect(page).toMatch(/`KHIPU_HTTP_PORT` \| `8080`/);
    expect(page).toMatch(/`KHIPU_PUBLIC_URL` \| not set/);
  });
});

describe('the page of errors', () => {
  it('names each code once, as a row', () => {
    for (const code of [...Object.keys(problemCatalogue), ...Object.keys(logErrorCodes)])
      expect(rowsOf(errorsPage(), code).length).toBeGreaterThanOrEqual(1);
  });
});

describe('the page of metrics', () => {
  it('names metrics with their labels', () => {
    expect(rowsOf(metricsPage(), 'khipu_dead_letters_total')).toEqual([
      '| `khipu_dead_letters_total` | counter | `processor`, `code` | Records written to a dead-letter topic. |',
    ]);
  });
});
