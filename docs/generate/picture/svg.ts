/** Draws the text of a terminal as an SVG: light and dark, with its text for screen readers, and without scripts or fonts. */

/** Colours of a picture by class; `back` is the background. */
export interface Palette {
  readonly back: string;
  readonly text: string;
  readonly dim: string;
  readonly title: string;
  readonly good: string;
  readonly bad: string;
}

export const light: Palette = {
  ...{ back: '#ffffff', text: '#1f2328', dim: '#59636e', title: '#0550ae', good: '#116329', bad: '#a40e26' },
};
export const dark: Palette = {
  ...{ back: '#0d1117', text: '#e6edf3', dim: '#9198a1', title: '#79c0ff', good: '#56d364', bad: '#ff7b72' },
};

/** Border of the picture, light and dark. */
const borders = ['#d1d9e0', '#30363d'] as const;

const FONT_PX = 13;
const COLUMN_PX = 7.8;
const LINE_PX = 18;
const MARGIN_PX = 20;

/** A part of a line with one style. */
interface Span {
  readonly style: string;
  readonly column: number;
  readonly text: string;
}

/** Classes by code of SGR (ECMA-48); the first that is set gives the class. */
const classes: readonly (readonly [code: number, name: string])[] = [
  [36, 'title'],
  [32, 'good'],
  [31, 'bad'],
  [2, 'dim'],
  [1, 'strong'],
];
/** Codes that end others: 22 ends bold and dim, 39 ends a colour. */
const ends: Readonly<Record<number, readonly number[]>> = { 0: [1, 2, 31, 32, 36], 22: [1, 2], 39: [31, 32, 36] };

const sgr = new RegExp(`${String.fromCharCode(27)}\\[([\\d;]*)m`);

/** Returns the spans of a line with SGR codes. Text is split at gaps, so that columns stay aligned in every font. */
function spansOf(line: string): readonly Span[] {
  const set = new Set<number>();
  const spans: Span[] = [];
  let column = 0;
  line.split(sgr).forEach((part, at) => {
    if (at % 2 === 1) {
      for (const code of part.split(';').map(Number)) {
        for (const ended of ends[code] ?? []) set.delete(ended);
        if (!(code in ends)) set.add(code);
      }
      return;
    }
    const style = classes.find(([code]) => set.has(code))?.[1] ?? 'text';
    for (const { 0: text, index } of part.matchAll(/\S+(?: \S+)*/g))
      spans.push({ style, column: column + index, text });
    column += part.length;
  });
  return spans;
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const pixels = (value: number): string => String(Number(value.toFixed(1)));

const rules = (palette: Palette): string =>
  Object.entries(palette)
    .map(([name, colour]) => `.${name}{fill:${colour}}`)
    .join('');

/** Returns the picture of a text, which may have SGR colours. `title` names the picture. */
export function svgOf(coloured: string, title: string): string {
  const lines = coloured.split('\n');
  const plain = lines.map((line) =>
    line
      .split(sgr)
      .filter((_, at) => at % 2 === 0)
      .join(''),
  );
  const width = pixels(Math.max(...plain.map((line) => line.length)) * COLUMN_PX + 2 * MARGIN_PX);
  const height = pixels(lines.length * LINE_PX + 2 * MARGIN_PX);
  const texts = lines.flatMap((line, row) =>
    spansOf(line).map(({ style, column, text }) => {
      const x = pixels(MARGIN_PX + column * COLUMN_PX);
      const y = pixels(MARGIN_PX + (row + 0.75) * LINE_PX);
      return `<text class="${style}" x="${x}" y="${y}" textLength="${pixels(text.length * COLUMN_PX)}">${escaped(text)}</text>`;
    }),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title desc">`,
    `<title id="title">${escaped(title)}</title>`,
    `<desc id="desc">${escaped(plain.join('\n'))}</desc>`,
    '<style>',
    `text{font:${FONT_PX}px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;white-space:pre}`,
    `.strong,.title,.good,.bad{font-weight:bold}.strong{fill:${light.text}}.back{stroke:${borders[0]}}${rules(light)}`,
    `@media(prefers-color-scheme:dark){.strong{fill:${dark.text}}.back{stroke:${borders[1]}}${rules(dark)}}`,
    '</style>',
    `<rect class="back" width="${width}" height="${height}" rx="10"/>`,
    ...texts,
    '</svg>',
    '',
  ].join('\n');
}
