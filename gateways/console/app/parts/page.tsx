import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

interface PageProps {
  readonly title: string;
  /** One sentence below the title. */
  readonly lead?: ComponentChildren;
  readonly aside?: ComponentChildren;
  readonly children: ComponentChildren;
}

let opened = 0;

/** A page with its title. A page opened by a link takes the focus, so that a screen reader reads its title. */
export function Page({ title, lead, aside, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Khipu`;
    opened += 1;
    if (opened > 1) heading.current?.focus({ preventScroll: true });
  }, [title]);
  return (
    <>
      <header class="page-head">
        <div>
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {lead !== undefined && <p class="lead">{lead}</p>}
        </div>
        {aside !== undefined && <div class="page-aside">{aside}</div>}
      </header>
      {children}
    </>
  );
}

interface SectionProps {
  readonly title: string;
  readonly note?: ComponentChildren;
  readonly actions?: ComponentChildren;
  readonly class?: string;
  readonly children: ComponentChildren;
}

/** A part of a page with its own heading. */
export const Section = ({ title, note, actions, class: name = '', children }: SectionProps) => (
  <section class={`panel ${name}`} aria-label={title}>
    <header class="panel-head">
      <h2>{title}</h2>
      {note !== undefined && <p class="quiet">{note}</p>}
      {actions !== undefined && <div class="panel-actions">{actions}</div>}
    </header>
    {children}
  </section>
);
