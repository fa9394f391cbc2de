/** Returns `text` with `body` between the two marker lines of section `name`. Throws when a marker is missing. */
export function withSection(text: string, name: string, body: string): string {
  const lines = text.split('\n');
  const begin = lines.findIndex((line) => line.includes(`generated: ${name} `));
  const end = lines.findIndex((line) => line.includes(`end: ${name}`));
  if (begin === -1 || end < begin) throw new Error(`no section ${name} between "generated:" and "end:"`);
  return [...lines.slice(0, begin + 1), body, ...lines.slice(end)].join('\n');
}
