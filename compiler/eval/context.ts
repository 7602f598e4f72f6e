/** What the parts of the evaluator ask of each other, and how they fail: a Fault carries one diagnostic to the nearest cell. */
import type { Span } from '../base/span.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Program } from '../names/program.js';
import type { Shapes } from '../shapes/shapes.js';
import type { Type } from '../shapes/types.js';
import type { Expr } from '../syntax/ast.js';
import type { Census } from './census.js';
import type { Constants } from './constants.js';
import type { Endpoint, Fn, Let, Obj, Scope, Value } from './model.js';

/** Thrown inside the evaluator only; `null` means that the fault is reported already. */
export class Fault {
  constructor(readonly diagnostic: Diagnostic | null) {}
}

/** Thrown when something is read before its turn: requests and offers of a contract that is not matched yet. */
export class NotYet {
  constructor(readonly contract: string) {}
}

/** The name of a place in messages; made when there is something to say. */
export type What = string | (() => string);

export interface Ev {
  readonly program: Program;
  readonly shapes: Shapes;
  readonly root: Obj;
  /** Evaluates with the type that the place expects, without checking the result against it. */
  evaluate(expr: Expr, scope: Scope, expected?: Type): Value;
  /** Evaluates and checks. `what` names the place in messages, `declared` where the lab says its type. */
  evaluateAs(expr: Expr, scope: Scope, type: Type, what: What, declared?: Span): Value;
  /** Pays for work and room, so that every build ends. */
  spend(steps: number, span: Span): void;
  attribute(obj: Obj, name: string, span: Span): Value;
  member(value: Value, name: string, span: Span, scope: Scope): Value;
  apply(fn: Fn, args: readonly Value[], span: Span): Value;
  /** Evaluates as if the object read something: for values that belong to no attribute. */
  asReader<T>(obj: Obj, name: string, span: Span, work: () => T): T;
  /** The object whose attribute is being computed: who reads. */
  reader(): Obj | null;
  /** What a secret's file is called for the reader, noted as used. */
  secretPath(secret: Obj, span: Span): Value;
  /** An endpoint as the reader must address it, noted as used. */
  reach(endpoint: Endpoint, span: Span): { readonly host: string; readonly port: number; readonly address: string; readonly published: boolean; readonly hostPort: number | null };
  /** Text of a named file beside the source of `span`. */
  readFile(path: string, span: Span): string;
  /** The serial number that a disk was built with, where its name would give another. */
  readonly serialAtBirth: (disk: Obj) => string | undefined;
  /** Objects of the lab by label, for bare names. */
  readonly index: ReadonlyMap<string, readonly Obj[]>;
  readonly census: Census;
  readonly constants: Constants;
  /** Contracts that are matched; null once all are. */
  readonly matched: ReadonlySet<string> | null;
  /** All objects of these kinds in the lab, in the order of their places. */
  everyOf(words: readonly string[]): readonly Obj[];
  /** Routes that lead to an endpoint. */
  routesTo(endpoint: Endpoint, span: Span): readonly Obj[];
  letValue(binding: Let, name: string, span: Span): Value;
  /** None, or a fault that is reported already, for a request that nobody answers. */
  unanswered(request: Obj): null;
  /** What a provider offers one request. */
  offer(request: Obj, provider: Obj): Value;
  /** Notes that what is being evaluated has read what only an evaluation finds out. */
  readLate(): void;
  /** Notes that what is being evaluated depends on where it stands; a frame's name does where the frame is not of its own making. */
  readHere(frame?: Scope, name?: string): void;
  /** Notes that a list of children was read, so that growing it later is an error. */
  observe(obj: Obj, word: string, span: Span): void;
  isPublished(endpoint: Endpoint, span: Span): boolean;
  /** The port on the machine; asking is no use of the endpoint. */
  hostPort(endpoint: Endpoint, span: Span): number;
  /** A request as its reader sees it: a list of offers, none, or itself. */
  settle(obj: Obj): Value;
}
