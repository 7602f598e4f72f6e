/**
 * The one YAML writer. What comes in is plain data in its final order: text, numbers, booleans, null, lists, records,
 * and three tagged forms: `{ $: 'decimal', text }` for a number with a text of its own, `{ $: 'tag', tag, value }`
 * for a value under an application's tag, `{ $: 'map', entries }` for a record that has a key `$`. What goes out is block style that YAML 1.1 and 1.2 readers read alike.
 * Fields that are undefined are left out. Holes of templates are not its business: whoever has holes puts marks in.
 */
import { scalarDecimal, scalarNumber, scalarText } from './scalar.js';

export interface YamlOptions {
  /** Lines of a comment before everything else, without their `#`. */
  readonly header?: string;
  /** Write `---` before the document, as Ansible's files have it. */
  readonly start?: boolean;
  /** Put an empty line between the items of a list that is the whole document. */
  readonly spaced?: boolean;
  /** Fold text at blanks when a line would be longer; 0, the default, never folds. */
  readonly width?: number;
}

/** A value under a tag such as `!Find` or `!unsafe`. */
export interface YamlTagged {
  readonly $: 'tag';
  readonly tag: string;
  readonly value: unknown;
}

/** A record by its entries, for keys that a plain one cannot have. */
export interface YamlMap {
  readonly $: 'map';
  readonly entries: readonly (readonly [key: string, value: unknown])[];
}

export function writeYaml(value: unknown, options: YamlOptions = {}): string {
  const header = options.header === undefined ? '' : `${commented(options.header)}\n`;
  const start = options.start === true ? '---\n' : '';
  const lines: string[] = [];
  const writer: Writer = { lines, width: options.width ?? 0 };
  const rest = options.spaced === true && Array.isArray(value) ? writeSpaced(writer, value) : writeNode(writer, value, 0, '');
  return `${header}${start}${rest === '' ? '' : `${rest.trimStart()}\n`}${lines.length === 0 ? '' : `${lines.join('\n')}\n`}`;
}

/** Every line as a comment; an empty one has no blank at its end. */
export function commented(text: string): string {
  return text.split(/\r\n|[\n\r\u0085\u2028\u2029]/).map((line) => (line === '' ? '#' : `# ${line}`)).join('\n');
}

interface Writer {
  readonly lines: string[];
  readonly width: number;
}

function writeSpaced(writer: Writer, items: readonly unknown[]): string {
  items.forEach((item, index) => {
    if (index > 0) writer.lines.push('');
    writeNode(writer, [item], 0, '');
  });
  return items.length === 0 ? ' []' : '';
}

/**
 * Returns what stands on the line of the parent's `key:` or `-`, with a blank before it; collections return their tag
 * only and push the lines that follow. `hang` is the text that a sequence's first line starts with.
 */
function writeNode(writer: Writer, value: unknown, indent: number, hang: string): string {
  if (Array.isArray(value)) {
    if (value.length === 0) return ' []';
    let lead = hang;
    for (const item of value) {
      writeEntry(writer, `${lead === '' ? ' '.repeat(indent) : lead}-`, item, indent + 2, true);
      lead = '';
    }
    return '';
  }
  if (typeof value !== 'object' || value === null) return ` ${scalar(writer, value, indent)}`;
  const form = (value as { readonly $?: unknown }).$;
  if (form === 'decimal') return ` ${scalarDecimal((value as { readonly text: string }).text)}`;
  if (form === 'tag') {
    const tagged = value as YamlTagged;
    return ` ${tagged.tag}${writeNode(writer, tagged.value, indent, '')}`;
  }
  if (form === 'map') return writeRecord(writer, (value as YamlMap).entries, indent, hang);
  if (form !== undefined) throw new Error(`No YAML for the form ${String(form)}: it has to be resolved first.`);
  return writeRecord(writer, Object.entries(value), indent, hang);
}

function writeRecord(writer: Writer, entries: YamlMap['entries'], indent: number, hang: string): string {
  let lead = hang;
  let empty = true;
  for (const [key, value] of entries) {
    if (value === undefined) continue;
    empty = false;
    const pad = lead === '' ? ' '.repeat(indent) : lead;
    const name = scalarText(key, { indent, key: true, width: 0 });
    if (name.length > MAX_SIMPLE_KEY) {
      writer.lines.push(`${pad}? ${name}`);
      writeEntry(writer, `${' '.repeat(indent)}:`, value, indent + 2, false);
    } else {
      writeEntry(writer, `${pad}${name}:`, value, indent + 2, false);
    }
    lead = '';
  }
  return empty ? ' {}' : '';
}

/** PyYAML looks 1024 characters ahead for the colon. */
const MAX_SIMPLE_KEY = 1000;

/** `prefix` ends in `-` or `:`. A collection in a sequence opens on the dash's own line, unless a tag stands there. */
function writeEntry(writer: Writer, prefix: string, value: unknown, indent: number, inSequence: boolean): void {
  if (inSequence && typeof value === 'object' && value !== null && isPlain((value as { readonly $?: unknown }).$)) {
    const rest = writeNode(writer, value, indent, `${prefix} `);
    if (rest !== '') writer.lines.push(prefix + rest);
    return;
  }
  const at = writer.lines.length;
  writer.lines.push('');
  writer.lines[at] = prefix + writeNode(writer, value, indent, '');
}

/** Forms that open on the line of what holds them, as a record does. */
function isPlain(form: unknown): boolean {
  return form === undefined || form === 'map';
}

function scalar(writer: Writer, value: unknown, indent: number): string {
  switch (typeof value) {
    case 'string':
      return scalarText(value, { indent: Math.max(indent, 2), key: false, width: writer.width });
    case 'number':
      return scalarNumber(value);
    case 'boolean':
      return value ? 'true' : 'false';
    default:
      return 'null';
  }
}
