import type { ComponentChildren } from 'preact';
import type { ApiError } from '../../../../infra/client/api-error.ts';
import type { Resource } from './use-resource.ts';

/** A problem of the API with its code and detail, and a way to try again. */
export function ProblemNote({ error, retry }: { readonly error: ApiError; readonly retry?: () => void }) {
  const { problem } = error;
  return (
    <div class="note note-bad" role="alert">
      <p>
        <code class="code">{error.code}</code> {error.message}
      </p>
      {problem?.errors?.map(({ pointer, detail }) => (
        <p key={pointer} class="quiet">
          <code>{pointer}</code> {detail}
        </p>
      ))}
      {problem?.request_id !== undefined && (
        <p class="quiet">
          request <code>{problem.request_id}</code>
        </p>
      )}
      {retry !== undefined && (
        <button type="button" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  );
}

/** An empty list: what would be here, and how it gets there. */
export const Empty = ({ children }: { readonly children: ComponentChildren }) => <p class="empty">{children}</p>;

/** A pause while the first answer is on its way. */
export const Loading = ({ what }: { readonly what: string }) => (
  <p class="loading" role="status">
    <span class="loading-cord" aria-hidden="true" />
    Loading {what}
  </p>
);

interface LoadedProps<T> {
  readonly of: Resource<T>;
  /** Name of the data, for the pause: "sessions". */
  readonly what: string;
  readonly children: (data: T) => ComponentChildren;
}

/** Shows data when it is there, with its problem above it when the latest read failed. */
export function Loaded<T>({ of, what, children }: LoadedProps<T>) {
  const { data, error, isLoading, reload } = of;
  return (
    <>
      {error !== null && <ProblemNote error={error} retry={reload} />}
      {data !== null && children(data)}
      {data === null && error === null && isLoading && <Loading what={what} />}
    </>
  );
}
