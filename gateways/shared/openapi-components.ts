type Schemas = Readonly<Record<string, unknown>>;
interface Described {
  readonly paths?: unknown;
  readonly components?: { readonly schemas?: Schemas };
}

const INPUT = 'Input';
const reference = /"#\/components\/schemas\/([^"]+)"/g;

/** Returns the names of the schemas that operations refer to, directly or through other schemas. */
function referredBy(paths: unknown, schemas: Schemas): ReadonlySet<string> {
  const referred = new Set<string>();
  const visit = (value: unknown): void => {
    for (const [, name = ''] of JSON.stringify(value ?? null).matchAll(reference)) {
      if (referred.has(name)) continue;
      referred.add(name);
      visit(schemas[name]);
    }
  };
  visit(paths);
  return referred;
}

/**
 * Returns the document with only the schemas that its operations refer to. Each zod schema is registered twice: for requests
 * (`StartSessionInput`) and for responses (`StartSession`). When only one of the two is used, it gets the plain name. They are
 * ordered by their names.
 */
export function referredComponents<Document extends Described>(document: Document): Document {
  const schemas = document.components?.schemas ?? {};
  const referred = referredBy(document.paths, schemas);
  const plain = (name: string): string => {
    const short = name.slice(0, -INPUT.length);
    return name.endsWith(INPUT) && short in schemas && !referred.has(short) ? short : name;
  };
  const kept = Object.entries(schemas).filter(([name]) => referred.has(name));
  // Schemas are registered as modules are loaded, an order that says nothing to readers.
  const named = Object.fromEntries(
    kept.map(([name, schema]) => [plain(name), schema] as const).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  const whole = JSON.stringify({ ...document, components: { ...document.components, schemas: named } });
  return JSON.parse(whole.replace(reference, (_, name: string) => `"#/components/schemas/${plain(name)}"`)) as Document;
}
