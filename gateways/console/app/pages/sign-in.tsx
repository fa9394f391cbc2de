import { useLocation } from 'preact-iso/router';
import { identityProvider, signIn } from '../api/sign-in.ts';
import { Field, textField } from '../parts/field.tsx';
import { ProblemNote } from '../parts/states.tsx';
import { useAction } from '../parts/use-action.ts';
import { useResource } from '../parts/use-resource.ts';
import { returnTo } from '../state/urls.ts';

/** Reasons of a sign-in page, by the code that led to it. */
const REASONS: Readonly<Record<string, string>> = {
  CONSOLE_SESSION_ENDED: 'Your session has ended. Sign in again.',
  SIGNED_OUT: 'You are signed out, here and at every gateway.',
  SIGN_IN_DENIED: 'The identity provider denied the sign-in.',
  SIGN_IN_FAILED: 'The identity provider returned no valid sign-in.',
  SIGN_IN_EXPIRED: 'The sign-in took too long. Start it again.',
  IDENTITY_PROVIDER_UNAVAILABLE: 'The identity provider does not answer.',
  TENANT_SUSPENDED: 'Your tenant is suspended.',
  PRINCIPAL_DISABLED: 'Your account is disabled.',
  CONSOLE_UNAVAILABLE: 'Sessions of the console cannot be kept now. Try again soon.',
};

export function SignInPage({ code }: { readonly code: string | null }) {
  const { path, query, route } = useLocation();
  const provider = useResource('identity-provider', identityProvider);
  const action = useAction(signIn);
  const shown = query['error'] ?? code;
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const isIn = await action.run(textField(form, 'api_key'));
    if (!isIn) form.querySelector('input')?.select();
    else if (returnTo(path) !== path) route(returnTo(path), true);
  };
  const target = `/console/api/sign-in/identity-provider?return_to=${encodeURIComponent(returnTo(path))}`;
  return (
    <main class="sign-in" id="main">
      <div class="sign-in-card">
        <img src="/console/khipu.svg" width="56" height="56" alt="" />
        <h1>Khipu console</h1>
        <p class="lead">Every turn, decision and charge, from the log.</p>
        {shown !== null && (
          <p class="note" role="status">
            {REASONS[shown] ?? 'Sign in to go on.'} <code class="code">{shown}</code>
          </p>
        )}
        <form onSubmit={(event) => void submit(event)}>
          <Field label="API key" hint="It is exchanged for a short session and is not kept in the browser.">
            <input
              name="api_key"
              type="password"
              autocomplete="current-password"
              spellcheck={false}
              placeholder="khp_…"
              required
            />
          </Field>
          <button type="submit" class="primary" disabled={action.isRunning}>
            {action.isRunning ? 'Signing in…' : 'Sign in'}
          </button>
        </form>
        {action.error !== null && <ProblemNote error={action.error} />}
        {provider.data !== null && (
          <p>
            <a class="button" href={target} target="_top">
              Sign in with {provider.data}
            </a>
          </p>
        )}
      </div>
    </main>
  );
}
