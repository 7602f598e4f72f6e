/**
 * A file's tree as compact text and back, for sources that travel with the compiler already parsed.
 * Nodes are a run of numbers in preorder: kind, distance from the parent's start, length, then the fields of shape.ts.
 * A missing node or text is 0; a list is its length plus one, then its members; text is an index into the strings of all
 * files, plus one. The body of a declaration is a run of its own, which is read when somebody asks for the body: of a
 * library most is declared and little used.
 */
import type { Body, File, Head, Node } from './ast.js';
import { shapeLists, shapes } from './shape.js';

export interface PackedFile {
  readonly path: string;
  /** The file without the bodies of its declarations. */
  readonly tree: string;
  /** For each item of the file, the body of a declaration that has one, else nothing. */
  readonly bodies: readonly string[];
}

/** Kinds by number; 0 stands for a missing node. */
const kinds = ['', ...Object.keys(shapes)] as readonly (Node['kind'] | '')[];
const numberOfKind: ReadonlyMap<string, number> = new Map(kinds.map((kind, number) => [kind, number]));
const literalText = kinds.length;

/** What a number is written with: what prints, without the signs that a string in quotes has to escape. */
const digits = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).filter((char) => !'"\'`\\$'.includes(char));
const base = digits.length;
/** Numbers below are one digit. The digits above it begin a number of two, the last one begins a number of three after it. */
const small = 64;
const announce = base - 1;

/** Packs a file; texts that `known` lacks get the next index there. */
export function packFile(file: File, known: Map<string, number>): PackedFile {
  const bodies = file.items.map((item) => (item.kind === 'head' && item.body !== undefined ? packed(item.body, item.span.start, known) : ''));
  return { path: file.span.file, tree: packed(file, 0, known, new Set(file.items.filter((item) => item.kind === 'head'))), bodies };
}

/** One run of numbers; of nodes `without` their bodies these are left out. */
function packed(root: Node, from: number, known: Map<string, number>, without: ReadonlySet<Node> = new Set()): string {
  let out = '';
  const number = (value: number): void => {
    const rest = value - small;
    if (value >= base ** 3) throw new Error(`${root.span.file} is too long to pack`);
    if (value < small) out += digits[value];
    else if (rest < (announce - small) * base) out += `${digits[small + Math.floor(rest / base)]}${digits[rest % base]}`;
    else out += `${digits[announce]}${digits[Math.floor(value / base ** 2)]}${digits[Math.floor(value / base) % base]}${digits[value % base]}`;
  };
  const text = (value: string): void => {
    const index = known.get(value) ?? known.size;
    known.set(value, index);
    number(index + 1);
  };
  const node = (value: Node | string, around: number): void => {
    if (typeof value === 'string') {
      number(literalText);
      return text(value);
    }
    const { start, end } = value.span;
    number(numberOfKind.get(value.kind) as number);
    number(start - around);
    number(end - start);
    for (const [field, role] of shapeLists[value.kind]) {
      const content = (value as unknown as Readonly<Record<string, unknown>>)[field];
      if (content === undefined || (field === 'body' && without.has(value))) number(0);
      else if (role === 'flag') number(content === true ? 1 : 0);
      else if (role === 'text') text(content as string);
      else if (role === 'node') node(content as Node, start);
      else {
        const list = content as readonly (Node | string)[];
        number(list.length + 1);
        for (const member of list) node(member, start);
      }
    }
  };
  node(root, from);
  return out;
}

/** What a kind's fields are, in the form that reading goes through fastest. */
const readers = kinds.map((kind) => {
  const list = kind === '' ? [] : shapeLists[kind];
  return { kind, fields: list.map(([field]) => field), roles: list.map(([, role]) => role), isText: list.length === 1 && list[0]?.[0] === 'text' };
});

const valueOf = new Uint8Array(128);
digits.forEach((digit, value) => { valueOf[digit.charCodeAt(0)] = value; });

/** A body that nobody asked for yet, or what it was read as. */
const laterBodies = new WeakMap<object, Body | (() => Body)>();

/** The same for every declaration, so that all of them keep one form. */
const laterBody: PropertyDescriptor & ThisType<Head> = {
  enumerable: true, configurable: true,
  get() {
    let body = laterBodies.get(this);
    if (typeof body === 'function') laterBodies.set(this, (body = body()));
    return body;
  },
};

export function unpackFile({ path, tree, bodies }: PackedFile, strings: readonly string[]): File {
  const file = read(tree, 0, path, strings) as File;
  file.items.forEach((item, i) => {
    const body = bodies[i] as string;
    if (body === '') return;
    laterBodies.set(item, () => read(body, item.span.start, path, strings) as Body);
    Object.defineProperty(item, 'body', laterBody);
  });
  return file;
}

/** Reads one run of numbers. */
function read(run: string, from: number, path: string, strings: readonly string[]): Node {
  let next = 0;
  const digit = (): number => valueOf[run.charCodeAt(next++)] as number;
  const long = (first: number): number => {
    if (first < announce) return small + (first - small) * base + digit();
    return (digit() * base + digit()) * base + digit();
  };
  const number = (): number => {
    const first = valueOf[run.charCodeAt(next++)] as number;
    return first < small ? first : long(first);
  };
  const node = (kindNumber: number, around: number): Node | string => {
    if (kindNumber === literalText) return strings[number() - 1] as string;
    const { kind, fields, roles, isText } = readers[kindNumber] as (typeof readers)[number];
    const start = around + number();
    const span = { file: path, start, end: start + number() };
    // Every second node is a name or a literal.
    if (isText) return { kind, span, text: strings[number() - 1] } as Node;
    const made: Record<string, unknown> = { kind, span };
    for (let i = 0; i < fields.length; i++) {
      const value = number();
      const role = roles[i];
      const field = fields[i] as string;
      if (role === 'flag') made[field] = value === 1;
      else if (value === 0) continue;
      else if (role === 'text') made[field] = strings[value - 1];
      else if (role === 'node') made[field] = node(value, start);
      else {
        const members = new Array<Node | string>(value - 1);
        for (let member = 0; member < members.length; member++) members[member] = node(number(), start);
        made[field] = members;
      }
    }
    return made as unknown as Node;
  };
  return node(number(), from) as Node;
}
