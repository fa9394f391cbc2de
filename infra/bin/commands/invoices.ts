import type { Command } from 'commander';
import { registerResource } from '../resources/register.ts';

/** Registers `khipu invoices`: the invoice of a month, and its documents. */
export function register(program: Command): void {
  const invoices = registerResource(program, 'invoices');
  for (const [name, description] of [
    ['csv', 'print the lines of an invoice as CSV'],
    ['pdf', 'write an invoice as PDF to a file or a pipe'],
    ['focus', 'print the costs of a month in the columns of FOCUS 1.2'],
  ] as const)
    invoices
      .command(name)
      .description(description)
      .argument('<period>', 'month, such as 2026-11')
      .option('--payer <tenant>', "tenant that pays; the caller's own by default")
      .option('--out <file>', 'file to write; standard output when omitted')
      .action(async (period: string, options: { payer?: string; out?: string }) => {
        const { writeDocument } = await import('../invoices/document.ts');
        await writeDocument(name, period, options);
      });
}
