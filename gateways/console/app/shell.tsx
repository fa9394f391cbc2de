import type { ComponentChildren } from 'preact';
import { useLocation } from 'preact-iso/router';
import { signOut } from './api/sign-in.ts';
import { pages } from './pages/pages.ts';
import { ProblemNote } from './parts/states.tsx';
import { SwitchBanner } from './parts/switch-banner.tsx';
import { useAction } from './parts/use-action.ts';
import type { SignedIn } from './state/session.ts';
import { HOME, isCurrent } from './state/urls.ts';

/** The frame of every page: the main cord with a knot for each page, and who is signed in. */
export function Shell({ session, children }: { readonly session: SignedIn; readonly children: ComponentChildren }) {
  const { path } = useLocation();
  const leave = useAction(signOut);
  return (
    <div class="shell">
      <a class="skip" href="#main">
        Skip to the page
      </a>
      <header class="top">
        <a class="brand" href={HOME}>
          <img src="/console/khipu.svg" width="26" height="26" alt="" />
          <span>Khipu</span>
        </a>
        <p class="who">
          <span class="who-tenant">{session.tenant_id}</span>
          <span class="who-name" title={session.principal}>
            {session.principal}
          </span>
          <button type="button" class="plain" disabled={leave.isRunning} onClick={() => void leave.run()}>
            Sign out
          </button>
        </p>
      </header>
      <nav class="main-cord" aria-label="Pages">
        <ul>
          {pages
            .filter(({ isShown }) => isShown())
            .map(({ path: to, name }) => (
              <li key={to}>
                <a href={to} aria-current={isCurrent(path, to) ? 'page' : undefined}>
                  <span class="knot" aria-hidden="true" />
                  {name}
                </a>
              </li>
            ))}
        </ul>
      </nav>
      <div class="content">
        <main id="main" tabIndex={-1}>
          <SwitchBanner />
          {leave.error !== null && <ProblemNote error={leave.error} retry={() => void leave.run()} />}
          {children}
        </main>
      </div>
    </div>
  );
}
