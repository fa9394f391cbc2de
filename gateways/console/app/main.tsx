import './style/tokens.css';
import './style/base.css';
import './style/shell.css';
import './style/parts.css';
import './style/pages.css';
import { render } from 'preact';
import { ErrorBoundary } from 'preact-iso/lazy';
import { LocationProvider, Route, Router } from 'preact-iso/router';
import { readSession } from './api/sign-in.ts';
import { LivePage } from './pages/live.tsx';
import { pages } from './pages/pages.ts';
import { SignInPage } from './pages/sign-in.tsx';
import { Page } from './parts/page.tsx';
import { Empty, Loading, ProblemNote } from './parts/states.tsx';
import { useResource } from './parts/use-resource.ts';
import { Shell } from './shell.tsx';
import { session } from './state/session.ts';
import { HOME } from './state/urls.ts';

const UnknownPage = () => (
  <Page title="No such page">
    <Empty>
      Nothing is at this address. <a href={HOME}>Live turns</a> are the first page.
    </Empty>
  </Page>
);

function Console() {
  const first = useResource('session', readSession);
  const { value } = session;
  if (value.kind === 'out') return <SignInPage code={value.code} />;
  if (value.kind === 'unknown')
    return (
      <main class="sign-in" id="main">
        {first.error === null ? (
          <Loading what="the console" />
        ) : (
          <ProblemNote error={first.error} retry={first.reload} />
        )}
      </main>
    );
  return (
    <Shell session={value.session}>
      <ErrorBoundary>
        <Router>
          {pages.flatMap(({ path, component, below = [] }) => [
            <Route key={path} path={path} component={component} />,
            ...below.map((page) => <Route key={page.path} path={page.path} component={page.component} />),
          ])}
          <Route path="/console/sign-in" component={LivePage} />
          <Route default component={UnknownPage} />
        </Router>
      </ErrorBoundary>
    </Shell>
  );
}

const place = document.getElementById('console');
if (place !== null)
  render(
    <LocationProvider scope={HOME}>
      <Console />
    </LocationProvider>,
    place,
  );
