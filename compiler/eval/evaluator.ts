/**
 * The evaluator: expressions to values, attributes to cells. Attributes are computed when first read and kept. A new epoch
 * forgets them all, because the lab has changed; a new reading forgets the late ones only, which have read what the
 * evaluation itself finds out. A fault ends the attribute it happens in, is reported once, and poisons whoever reads the
 * attribute. Nothing here changes the shape of the lab.
 */
import type { Span } from '../base/span.js';
import { suggestHelp } from '../base/suggest.js';
import { types } from '../diagnostics/catalogue/types.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Program } from '../names/program.js';
import type { Shapes } from '../shapes/shapes.js';
import type { Type } from '../shapes/types.js';
import type { Expr } from '../syntax/ast.js';
import { attributeValue, knownValue } from './attributes.js';
import { Census } from './census.js';
import { conform } from './conform.js';
import { Constants, fillCell, isLiteral } from './constants.js';
import { Fault, NotYet, type Ev, type What } from './context.js';
import type { Reach, Reached } from './endpoints.js';
import { evaluateExpr } from './expressions.js';
import { cycleFault, type Frame } from './frames.js';
import { memberOf } from './members.js';
import { isDeclined } from './objects.js';
import { makeOffer } from './offers.js';
import { RoutesByTarget } from './routes.js';
import type { Cell, Endpoint, Fn, Let, Obj, Scope, Value } from './model.js';
import { describe, isObject } from './value.js';
import { AttributeWatch, type Watching } from './watch.js';

/** Files that `file()` may read, by path relative to the folder of the source that names them. */
export type FileReader = (path: string, from: string) => string | { readonly missing: string };

/** Where secrets' files lie for whoever reads them; notes the use. */
export type SecretPlacer = (secret: Obj, reader: Obj | null) => string;

const DEEPEST = 400;

/** Steps of evaluation that a lab may take, beside those for each of its objects: labs take a hundredth of them. */
const FREE_STEPS = 4_000_000;
const STEPS_FOR_ONE = 1_000;

export class Evaluator implements Ev {
  readonly diagnostics: Diagnostic[] = [];
  /** Counts how often something was forgotten; late cells are good for one reading. */
  #reading = 1;
  /** The first reading whose other cells are good. */
  #since = 1;
  /** Something late was read since the computation at hand began. */
  #late = false;
  reachBook: Reach | null = null;
  serialAtBirth: (disk: Obj) => string | undefined = () => undefined;
  placeSecret: SecretPlacer = (secret) => `/run/secrets/${secret.key}`;
  /** Contracts that are matched; null once all are. */
  matched: Set<string> | null = new Set();
  readonly #stack: Frame[] = [];
  readonly #reported = new Set<string>();
  #depth = 0;
  readonly census = new Census();
  readonly constants = new Constants();

  constructor(
    readonly program: Program,
    readonly shapes: Shapes,
    readonly root: Obj,
    private readonly files: FileReader,
  ) {}

  report(diagnostic: Diagnostic | null): void {
    if (diagnostic === null || this.#spent) return;
    const key = `${diagnostic.code} ${diagnostic.span.file} ${diagnostic.span.start} ${diagnostic.message}`;
    if (this.#reported.has(key)) return;
    this.#reported.add(key);
    this.diagnostics.push(diagnostic);
  }

  /** Whether an error is reported already. */
  failed(): boolean {
    return this.diagnostics.some((diagnostic) => diagnostic.severity === 'error');
  }

  #steps = 0;
  #spent = false;

  /** Pays for work and room: every build ends. Said once, and nothing after it is believed. */
  spend(steps: number, span: Span): void {
    this.#steps += steps;
    if (this.#steps <= FREE_STEPS + STEPS_FOR_ONE * this.census.made) return;
    this.exhaust(types.create.tooMuch(span, { limit: 'millions of', what: 'steps of evaluation' }));
  }

  /** Ends the build: what is said is the last that is believed. */
  exhaust(diagnostic: Diagnostic): never {
    this.report(diagnostic);
    this.#spent = true;
    throw new Fault(null);
  }

  get exhausted(): boolean { return this.#spent; }

  /** The host's own limits, stack and text, as faults of the lab; any other error is labc's. */
  #faultOf(error: unknown): Fault | null {
    if (error instanceof Fault) return error;
    if (!(error instanceof RangeError)) return null;
    return new Fault(types.create.tooDeep(this.#stack[this.#stack.length - 1]?.span ?? this.root.span, {}));
  }

  /** Runs `work`; a fault is reported and gives `otherwise`. A read before its turn passes through. */
  attempt<T>(work: () => T, otherwise: T): T {
    const depth = this.#depth;
    const height = this.#stack.length;
    try {
      return work();
    } catch (error) {
      return this.#recover(error, depth, height, otherwise);
    }
  }

  /** An attribute, or `otherwise` where it is at fault: `attempt` for what is asked for most. */
  tryAttribute(obj: Obj, name: string, otherwise: Value = null): Value {
    const depth = this.#depth;
    const height = this.#stack.length;
    try {
      return this.attribute(obj, name, obj.span);
    } catch (error) {
      return this.#recover(error, depth, height, otherwise);
    }
  }

  #recover<T>(error: unknown, depth: number, height: number, otherwise: T): T {
    const fault = this.#faultOf(error);
    this.#depth = depth;
    this.#stack.length = height;
    if (fault === null) throw error;
    this.report(fault.diagnostic);
    return otherwise;
  }

  /** Whether an attribute was computed already, well or ill. */
  isComputed(obj: Obj, name: string): boolean {
    return this.#holds(obj.cell(name));
  }

  /** Whoever catches a fault puts the depth back. */
  evaluate(expr: Expr, scope: Scope, expected?: Type): Value {
    this.spend(1, expr.span);
    if (++this.#depth > DEEPEST) {
      this.#depth = 0;
      throw new Fault(types.create.tooDeep(expr.span, {}));
    }
    const value = evaluateExpr(this, expr, scope, expected);
    this.#depth--;
    return value;
  }

  evaluateAs(expr: Expr, scope: Scope, type: Type, what: What, declared?: Span): Value {
    const known = this.constants.get(expr, type);
    if (known !== undefined) return known;
    const value = conform(this, this.evaluate(expr, scope, type), type, expr.span, what, declared);
    if (isLiteral(expr)) this.constants.set(expr, type, value);
    return value;
  }

  /** An attribute of an object. */
  attribute(obj: Obj, name: string, span: Span): Value {
    return this.#watch === null ? this.#attribute(obj, name, span) : this.#watched(this.#watch, obj, name, span);
  }

  #watch: Watching | null = null;

  /** Runs `work`; the watch tells what it has read. */
  watching<T>(watch: Watching, work: () => T): T {
    const outer = this.#watch;
    this.#watch = watch;
    try {
      return work();
    } finally {
      this.#watch = outer;
      if (outer !== null) outer.here = true;
    }
  }

  readHere(frame?: Scope, name = ''): void {
    if (this.#watch === null) return;
    if (frame === undefined) this.#watch.here = true;
    else this.#watch.frame(frame, name);
  }

  #watched(watch: Watching, obj: Obj, name: string, span: Span): Value {
    const cell = obj.cell(name);
    if (watch.follows(obj, name, cell, this.#holds(cell))) return this.#attribute(obj, name, span);
    const fresh = !this.#holds(cell);
    const inner = new AttributeWatch(obj.defs.get(name));
    this.#watch = inner;
    try {
      const { value, lasts } = this.lasting(() => this.#attribute(obj, name, span));
      watch.note(obj, name, value, fresh && lasts && !inner.here);
      return value;
    } finally {
      this.#watch = watch;
    }
  }

  #attribute(obj: Obj, name: string, span: Span): Value {
    const cell = obj.cell(name);
    if (this.#holds(cell)) return cell.state === 'busy' ? this.#cycle(obj, name, span) : this.#read(cell);
    const param = obj.param(name);
    const known = param === undefined ? undefined : knownValue(this.constants, obj.defs.get(name), param);
    if (known !== undefined) return fillCell(cell, known, this.#reading);
    const slot = param === undefined && obj.facts.slots?.has(name) === true;
    if (param === undefined && !slot && !obj.defs.has(name)) throw new Fault(types.create.unknownArgument(span, { what: describe(obj), name, help: suggestHelp(name, obj.kind.params.keys()) }));
    return this.#compute(cell, { obj, name, span }, () => attributeValue(this, obj, name, param ?? null));
  }

  /** Forgets every value: the lab has changed. */
  forget(): void {
    this.#since = ++this.#reading;
  }

  /** Forgets the values that have read what the evaluation itself finds out. */
  forgetLate(): void {
    this.#reading++;
  }

  readLate(): void {
    this.#late = true;
    if (this.#watch !== null) this.#watch.late = true;
  }

  /** Runs `work`; the answer stands until everything is forgotten, unless something late was read for it. */
  lasting<T>(work: () => T): { readonly value: T; readonly lasts: boolean } {
    const before = this.#late;
    this.#late = false;
    const value = work();
    const lasts = !this.#late;
    this.#late ||= before;
    return { value, lasts };
  }

  #holds(cell: Cell): boolean {
    return cell.reading === this.#reading || (cell.reading >= this.#since && !cell.late);
  }

  /** The value of a cell that holds. */
  #read(cell: Cell): Value {
    if (cell.late) this.readLate();
    if (cell.state === 'poison') throw new Fault(null);
    return cell.value;
  }

  /** Computes the value of a cell; `frame` says who reads meanwhile. */
  #compute(cell: Cell, frame: Frame, work: () => Value): Value {
    const height = this.#stack.length;
    const depth = this.#depth;
    const late = this.#late;
    cell.state = 'busy';
    cell.reading = this.#reading;
    this.#late = false;
    this.#stack.push(frame);
    try {
      cell.value = work();
      cell.state = 'done';
      return cell.value;
    } catch (error) {
      if (error instanceof NotYet) {
        cell.reading = 0;
        throw error;
      }
      cell.state = 'poison';
      this.readHere();
      const fault = this.#faultOf(error);
      if (fault === null) throw error;
      this.report(fault.diagnostic);
      throw new Fault(null);
    } finally {
      cell.late = this.#late;
      this.#late ||= late;
      // One frame, as a rule: to set the length takes much longer.
      while (this.#stack.length > height) this.#stack.pop();
      this.#depth = depth;
    }
  }

  #cycle(obj: Obj | null, name: string, span: Span): never {
    throw cycleFault(this.#stack, obj, name, span);
  }

  letValue({ cell, expr, scope, type }: Let, name: string, span: Span): Value {
    this.#watch?.meet(cell, this.#holds(cell));
    if (this.#holds(cell)) return cell.state === 'busy' ? this.#cycle(null, name, span) : this.#read(cell);
    return this.#compute(cell, { obj: null, name, span }, () => (type === null ? this.evaluate(expr, scope) : this.evaluateAs(expr, scope, type, 'the `let`')));
  }

  member(value: Value, name: string, span: Span, scope: Scope): Value {
    if (this.#watch !== null && isObject(value) && value.t === 'obj') this.#watch.member(value, name);
    else if (this.#watch !== null && isObject(value) && value.t === 'namespace') this.#watch.here = true;
    return memberOf(this, value, name, span, scope);
  }

  apply(fn: Fn, args: readonly Value[], span: Span): Value {
    if ('native' in fn) return fn.native(args);
    if (args.length !== 1) throw new Fault(types.create.badArguments(span, { name: 'the function', why: 'takes one argument', help: 'write `x => ...`' }));
    return this.evaluate(fn.body, fn.scope.with(fn.param, args[0] ?? null));
  }

  reader(): Obj | null {
    for (let i = this.#stack.length - 1; i >= 0; i--) {
      const obj = this.#stack[i]?.obj;
      if (obj !== null && obj !== undefined) return obj;
    }
    return null;
  }

  /** Evaluates as if the object read something: for values that belong to no attribute. */
  asReader<T>(obj: Obj, name: string, span: Span, work: () => T): T {
    this.#stack.push({ obj, name, span });
    try {
      return work();
    } finally {
      this.#stack.pop();
    }
  }

  secretPath(secret: Obj, span: Span): Value {
    void span;
    this.readHere();
    this.readLate();
    return { t: 'path', text: this.placeSecret(secret, this.reader()) };
  }

  reach(endpoint: Endpoint, span: Span): Reached {
    this.readHere();
    if (this.reachBook === null) throw new Fault(types.create.stratum(span, { what: 'addresses of endpoints', help: 'addresses and ports are known after the shape of the lab: use them in attributes, not in `if`, `for` or labels' }));
    const reached = this.reachBook.resolve(endpoint, this.reader(), span);
    // Where nothing is published, nothing waits for a port: the book that comes after takes the use over.
    if (reached.published) this.readLate();
    return reached;
  }

  readFile(path: string, span: Span): string {
    const found = this.files(path, span.file);
    if (typeof found === 'string') return found;
    throw new Fault(types.create.missingFile(span, { path, root: found.missing }));
  }

  settle(obj: Obj): Value {
    this.readHere();
    const contract = obj.kind.contract;
    if (contract === null) return obj;
    if (this.matched !== null && !this.matched.has(contract.name)) throw new NotYet(contract.name);
    const providers = obj.facts.providers ?? [];
    if (contract.provider === 'each') return providers.map((provider) => this.offer(obj, provider));
    if (providers.length > 0) return obj;
    const answersItself = isDeclined(obj) && [...contract.offer.values()].some((param) => param.default !== undefined);
    return answersItself ? obj : this.unanswered(obj);
  }

  /** What nobody answers is none where that is allowed; where it is an error, it is reported already. */
  unanswered(request: Obj): null {
    if (request.kind.contract?.unmet === 'error' && !isDeclined(request)) throw new Fault(null);
    return null;
  }

  /** What a provider offers one request. */
  offer(request: Obj, provider: Obj): Value {
    this.readHere();
    const key = `offer ${provider.path()}`;
    const cell = request.cell(key);
    if (this.#holds(cell)) return cell.state === 'busy' ? this.#cycle(request, 'offer', request.span) : this.#read(cell);
    return this.#compute(cell, { obj: provider, name: `offer for ${request.path()}`, span: request.span }, () => makeOffer(this, request, provider));
  }

  /** All objects of these kinds in the lab, in the order of their places. */
  everyOf(words: readonly string[]): readonly Obj[] {
    return this.census.ordered(words);
  }

  routesTo(endpoint: Endpoint, span: Span): readonly Obj[] { return this.#routes.to(this, this.#since, endpoint, span); }

  readonly #routes = new RoutesByTarget();

  get byWord(): ReadonlyMap<string, readonly Obj[]> { return this.census.byWord; }

  get index(): ReadonlyMap<string, readonly Obj[]> { return this.census.byLabel; }

  /** Notes that a list of children was read, so that growing it later is an error. */
  observe(obj: Obj, word: string, span: Span): void { obj.observe(word, span); }

  isPublished(endpoint: Endpoint, span: Span): boolean {
    if (this.reachBook === null) throw new Fault(types.create.stratum(span, { what: 'what is published', help: 'use it in attributes, not in `if`, `for` or labels' }));
    this.readLate();
    return this.reachBook.isPublished(endpoint);
  }

  hostPort(endpoint: Endpoint, span: Span): number {
    const published = this.isPublished(endpoint, span);
    return published ? (this.reachBook?.hostPortOf(endpoint) ?? endpoint.port) : endpoint.port;
  }
}
