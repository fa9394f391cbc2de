import { type Context, contexts } from '../../schemas/contexts.ts';

interface Tag {
  readonly name: string;
  readonly description: string;
}

interface Described {
  readonly tags?: readonly Tag[];
  readonly paths?: unknown;
}

const byName: Readonly<Record<string, Context | undefined>> = contexts;

/** Returns the document with a tag for each context that operations name and that has none: its meaning describes it. */
export function contextTags<Document extends Described>(document: Document): Document {
  const { tags = [], paths = {} } = document;
  const operations = Object.values(paths as Record<string, Record<string, { readonly tags?: readonly string[] }>>);
  const used = new Set(operations.flatMap((methods) => Object.values(methods).flatMap((each) => each.tags ?? [])));
  const added = [...used]
    .filter((name) => !tags.some((tag) => tag.name === name))
    .flatMap((name) => {
      const meaning = byName[name]?.meaning;
      return meaning === undefined ? [] : [{ name, description: meaning.replace(/\.$/, '') }];
    });
  return { ...document, tags: [...tags, ...added] };
}
