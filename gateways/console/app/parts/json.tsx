/** A value as JSON. It takes the focus, so that the keyboard scrolls it. */
export const Json = ({ value, label }: { readonly value: unknown; readonly label: string }) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard
  // biome-ignore lint/a11y/useSemanticElements: a value is no landmark of its page
  <div class="json" role="group" aria-label={label} tabIndex={0}>
    <pre>{JSON.stringify(value, null, 2)}</pre>
  </div>
);
