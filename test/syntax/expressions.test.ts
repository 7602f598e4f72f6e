import { expect, test } from 'vitest';
import { sketch, value } from './sketch.js';

const expr = (text: string): string => sketch(value(text));

test.each([
  ['a or b and c', '(a or (b and c))'],
  ['not a == b and c', '((not (a == b)) and c)'],
  ['not a in b', '(not (a in b))'],
  ['a == b ?? c', '(a == (b ?? c))'],
  ['v in 1 .. 4094', '(v in (1 .. 4094))'],
  ['a ?? b .. c + d * e', '(a ?? (b .. (c + (d * e))))'],
  ['a - b - c', '((a - b) - c)'],
  ['-a * b', '((- a) * b)'],
  ['- - a.b', '(- (- a.b))'],
  ['a / 2 * 3', '((a / 2) * 3)'],
  ['(a or b) and c', '((a or b) and c)'],
  ['a.in.where.not', 'a.in.where.not'],
])('%s', (text, tree) => expect(expr(text)).toBe(tree));

test.each([
  ['r => r.to == machine', '(lambda param:r body:(r.to == machine))'],
  ['if a then b else if c then d else e', '(if-expr condition:a then:b else:(if-expr condition:c then:d else:e))'],
  ['daily at 03:30', '(at-time object:daily time:(pair text:03:30))'],
  ['f(a, b = c,)[0].g()', '(call callee:(index object:(call callee:f args:[(arg value:a) (arg name:b value:c)]) index:0).g)'],
  ['[for x in xs where x > 1 : x]', '(list-gen generator:(generator variable:x source:xs where:(x > 1)) value:x)'],
  ['{ for x in xs : x.id => x }', '(record-gen generator:(generator variable:x source:xs) key:x.id value:x)'],
  ['{ a = 1, "b c" = 2 at = 3 }', '(record fields:[(field name:a value:1) (field name:b c quoted:true value:2) (field name:at value:3)])'],
  ['{}', '(record)'],
  ['[1, 2,]', '(list items:[1 2])'],
  ['a\n  .b()', '(call callee:a.b)'],
  ['a\n  + b', '(a + b)'],
])('%s', (text, tree) => expect(expr(text)).toBe(tree));

test.each([
  ['8GiB', 'quantity'], ['1h30m', 'quantity'], ['50%', 'quantity'], ['0640', 'int'], ['24.04', 'decimal'], ['1.2.3', 'version'], ['6.1.124-1', 'version'],
  ['10.0.0.1', 'ip'], ['10.0.0.0/8', 'ip'], ['fd00::/8', 'ip'], ['::1', 'ip'], ['1:2:3:4:5:6:7:8', 'ip'], ['02:42:ac:11:00:02', 'mac'], ['2026-02-07', 'date'],
  ['04:00', 'pair'], ['1000:1000', 'pair'], ['04:00:30', 'pair'], ['8080/tcp', 'port'], ['/srv/a.b-c', 'path'], ['true', 'bool'], ['none', 'none'],
  ['docker-ce', 'name-expr'], ['fade', 'name-expr'], ['nonempty', 'name-expr'], ['at', 'name-expr'],
])('%s is a literal of kind %s', (text, kind) => expect(value(text).kind).toBe(kind));

test('parentheses belong to the span of what they hold', () => {
  expect(value('(a + b).c')).toMatchObject({ kind: 'member', span: { start: 4, end: 13 }, object: { kind: 'binary', span: { start: 4, end: 11 } } });
});
