import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { DemoReport } from '../../../infra/bin/demo/report.ts';
import { projectRoot } from '../../../tests/checks/files.ts';
import { demoPicture, picturePath, recordPath } from './demo-picture.ts';
import { dark, light, type Palette, svgOf } from './svg.ts';

const esc = String.fromCharCode(27);
const read = (path: string): string => readFileSync(join(projectRoot, path), 'utf8');

test('each styled part of a line is a text of its class, at its column', () => {
  const svg = svgOf(`  a b  ${esc}[1m${esc}[32mALLOW${esc}[39m${esc}[22m c<d`, 'Two prompts');
  expect(svg.match(/<text class="\w+" x="[\d.]+"[^>]*>[^<]*<\/text>/g)).toEqual([
    '<text class="text" x="35.6" y="33.5" textLength="23.4">a b</text>',
    '<text class="good" x="74.6" y="33.5" textLength="39">ALLOW</text>',
    '<text class="text" x="121.4" y="33.5" textLength="23.4">c&lt;d</text>',
  ]);
});

test('a screen reader gets the name and the whole text', () => {
  const svg = svgOf(`${esc}[2mone${esc}[22m\ntwo`, 'Two lines');
  expect(svg).toContain('role="img" aria-labelledby="title desc"');
  expect(svg).toContain('<title id="title">Two lines</title>');
  expect(svg).toContain('<desc id="desc">one\ntwo</desc>');
});

/** Relative luminance of a colour. Source: WCAG 2.2. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

test.each([
  ['light', light],
  ['dark', dark],
])('the colours of the %s picture have the contrast of WCAG AA', (_, { back, ...texts }: Palette) => {
  for (const [name, colour] of Object.entries(texts)) {
    const [high = 0, low = 0] = [luminance(colour), luminance(back)].sort((a, b) => b - a);
    expect({ name, isReadable: (high + 0.05) / (low + 0.05) >= 4.5 }).toEqual({ name, isReadable: true });
  }
});

test('the picture of the README has the current words of the demo, and the recorded values', () => {
  const report = JSON.parse(read(recordPath)) as DemoReport;
  expect(read(picturePath)).toBe(demoPicture(report));
  expect(report).toMatchObject({ allowed: { status: 201 }, refused: { status: 403, code: 'POLICY_DENIED' } });
  expect(read('README.md')).toContain(`(${picturePath})`);
});
