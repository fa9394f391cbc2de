import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { localRoles } from '../../../infra/bin/roles/local.ts';
import { projectRoot } from '../../../infra/local/home.ts';
import { architectureSection } from './architecture.ts';
import { composeSection } from './compose.ts';
import { howToSection } from './how-to.ts';
import { withSection } from './section.ts';

describe('a section', () => {
  const text = ['before', '# generated: one from x', 'old', '# end: one', 'behind'].join('\n');

  it('is replaced only between its markers', () => {
    expect(withSection(text, 'one', 'new\nlines')).toBe(text.replace('old', 'new\nlines'));
  });

  it('cannot be replaced when a marker is missing', () => {
    expect(() => withSection(text, 'two', 'new')).toThrow(/no section two/);
    expect(() => withSection(text.replace('# end: one', ''), 'one', 'new')).toThrow(/no section one/);
  });
});

it('how-to pages are listed by their titles', () => {
  const page = (path: string, title: string) => ({ path, text: `${title}\n\nText.\n` });
  const pages = [
    page('docs/how-to/b.md', '# Run'),
    page('docs/how-to/a.md', '# Stop'),
    page('docs/index.md', '# Khipu'),
  ];
  expect(howToSection(pages)).toBe('      - Run: how-to/b.md\n      - Stop: how-to/a.md');
  expect(() => howToSection([page('docs/how-to/c.md', 'Run')])).toThrow('docs/how-to/c.md has no title');
});

describe('the architecture diagram', () => {
  const drawing = architectureSection();

  it('draws processors between their inputs and outputs, and their tables', () => {
    expect(drawing).toContain('\n  policyDecisions --> sessions --> sessionsEvents\n');
    expect(drawing).toContain('\n  billingPrepaid & identityTenants -. table .-> budget\n');
    expect(drawing).toContain('\n  identityTenants & killSwitchSwitches -. table .-> slm\n');
    expect(drawing).toContain('\n  slmRequests --> slm --> conversationDeltas & slmMetrics & slmResponses\n');
  });

  it('draws a reader of most events behind one node', () => {
    expect(drawing).toContain('\n  events & slmRequests --> audit --> auditEvents\n');
  });

  it('leaves out state topics', () => {
    expect(drawing).not.toContain('sessionsState');
    expect(drawing).toContain('killSwitchSwitches');
  });
});

it('the compose file starts a worker with a required setting only in its own profile', () => {
  const services = composeSection();
  expect(services).toContain('  stream-all:\n    <<: *khipu\n    command: [run, stream, all]\n');
  expect(services).toContain('  worker-slm:\n    <<: *khipu\n    command: [run, worker, slm]\n');
  expect(services).toMatch(
    /KHIPU_POLICY_ENGINE_URL.*\n {2}worker-policy-engine:\n.*\n {4}profiles: \[policy-engine\]\n/,
  );
});

it.each(localRoles({}).map(({ name, args }) => [name, args] as const))(
  'the compose file runs %s with the same arguments as a local platform',
  (name, args) => {
    const file = readFileSync(`${projectRoot}/infra/local/compose/docker-compose.yml`, 'utf8');
    expect(file).toContain(`\n  ${name}:\n    <<: *khipu\n    command: [${args.join(', ')}]\n`);
  },
);
