/** A call of curl. The URL and the header values are in double quotes, so that the shell expands variables in them. */
export interface Curl {
  readonly url: string;
  readonly options?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  /** A shell word, including its quotes. */
  readonly data?: string | undefined;
  /** Parts of a form, instead of data. */
  readonly form?: readonly string[] | undefined;
}

/** Maximum length of a command on one line. */
const COLUMNS = 120;

/** Returns the command, with a line break before each header when it is long or has a body. */
export function curl({ url, options = [], headers = {}, data, form }: Curl): string {
  const first = ['curl -sS --fail-with-body', ...options, `"${url}"`].join(' ');
  const rest = [
    ...Object.entries(headers).map(([name, value]) => `-H "${name}: ${value}"`),
    ...(form ?? []).map((part) => `-F ${part}`),
    ...(data === undefined ? [] : ['-H "Content-Type: application/json"', `-d ${data}`]),
  ];
  const line = [first, ...rest].join(' ');
  return data === undefined && line.length <= COLUMNS ? line : [first, ...rest].join(' \\\n  ');
}

/** Returns the text as a shell word: in double quotes when it has variables, so that the shell expands them. */
export const quoted = (text: string): string => (text.includes('$') ? `"${text.replaceAll('"', '\\"')}"` : `'${text}'`);

/** Returns JSON on one line, with a space after each colon and comma. `replace` is the replacer of JSON.stringify. */
export const oneLine = (value: unknown, replace: (name: string, value: unknown) => unknown): string =>
  JSON.stringify(value, replace, 1)
    .replace(/\n\s*/g, ' ')
    .replace(/([[{]) /g, '$1')
    .replace(/ ([\]}])/g, '$1');
