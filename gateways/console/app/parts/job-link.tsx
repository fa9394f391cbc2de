import { shortId } from '../state/text.ts';

/** A link to the page of a job, by its short id. */
export const JobLink = ({ id }: { readonly id: string }) => (
  <a class="mono" href={`/console/jobs/${id}`} title={id}>
    {shortId(id)}
  </a>
);
