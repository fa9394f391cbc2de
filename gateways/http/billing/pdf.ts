import PDFDocument from 'pdfkit';
import { isZero } from '../../../schemas/contexts/billing/money.ts';
import type { Invoice } from './schemas.ts';

const MARGIN = 50;
const LEFT = [MARGIN, 230, 320, 420] as const;
const WIDTHS = [175, 85, 95, 125] as const;
const ROW_HEIGHT = 15;
const SIZE = 9;

/**
 * Resolves with an invoice as a PDF of A4 pages. Its metadata has the time of the invoice, so that one that is final gives
 * the same bytes whenever it is made.
 */
export function invoicePdf({ tenant, period, status, as_of: asOf, lines, totals }: Invoice): Promise<Buffer> {
  const at = new Date(asOf);
  const info = { Title: `Invoice ${period} of ${tenant}`, CreationDate: at, ModDate: at, Producer: 'Khipu' };
  const document = new PDFDocument({ size: 'A4', margin: MARGIN, info });
  const pieces: Buffer[] = [];
  const written = new Promise<Buffer>((resolve, reject) => {
    document.on('data', (piece: Buffer) => pieces.push(piece));
    document.on('end', () => resolve(Buffer.concat(pieces)));
    document.on('error', reject);
  });
  const row = (cells: readonly string[], font = 'Helvetica'): void => {
    if (document.y > document.page.height - MARGIN - 2 * ROW_HEIGHT) document.addPage();
    const { y } = document;
    document.font(font).fontSize(SIZE);
    for (const [nth, cell] of cells.entries())
      document.text(cell, LEFT[nth] ?? MARGIN, y, {
        ...{ width: WIDTHS[nth] ?? 100, height: ROW_HEIGHT, ellipsis: true, lineBreak: false },
        align: nth === 0 ? 'left' : 'right',
      });
    document.y = y + ROW_HEIGHT;
  };
  document.font('Helvetica-Bold').fontSize(18).text(`Invoice ${period}`, MARGIN, MARGIN);
  document
    .font('Helvetica')
    .fontSize(SIZE + 1)
    .text(`Tenant ${tenant}`);
  document.text(`${status === 'final' ? 'Final' : 'Open'}, with what the log took before ${asOf}`).moveDown();
  row(['Meter and resource', 'Quantity', 'Unit price', 'Amount'], 'Helvetica-Bold');
  for (const { meter, resource, quantity, unit_price: price, currency, amount } of lines)
    row([`${meter} of ${resource}`, String(quantity), price ?? 'as metered', `${amount} ${currency}`]);
  document.moveDown();
  for (const { currency, amount, exact, prepaid, due } of totals) {
    row([`Total in ${currency}`, '', `exact ${exact}`, `${amount} ${currency}`], 'Helvetica-Bold');
    if (isZero(prepaid)) continue;
    row(['Paid from credit', '', `exact ${prepaid}`, '']);
    row(['Due', '', '', `${due} ${currency}`], 'Helvetica-Bold');
  }
  document.end();
  return written;
}
