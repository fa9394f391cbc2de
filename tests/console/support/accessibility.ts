import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

const RUN = `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
  .then(({ violations }) => violations)`;

/** Returns one sentence for each element of the page that breaks WCAG 2.2 AA or a best practice, as axe-core sees it. */
export async function accessibilityFaults(page: Page): Promise<readonly string[]> {
  // Evaluated over the protocol of the browser: the policy of the page allows no other script.
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(await axeSource());
  const violations = (await page.evaluate(RUN)) as readonly Violation[];
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary ?? ''}`),
  );
}

async function axeSource(): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  return readFile(axe, 'utf8');
}
