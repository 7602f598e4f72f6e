import { expect, test } from 'vitest';
import type { Head } from '../../compiler/syntax/ast.js';
import { parseFile } from '../../compiler/syntax/parse.js';
import { item } from './sketch.js';

const label = (name: string): string => `label:(ref-label parts:[${name}])`;

test.each([
  ['vm a : b, c { x = 1 }', `(head word:vm entries:[(entry ${label('a')})] types:[(type-ref parts:[b]) (type-ref parts:[c])] body:(body items:[(assign name:x op:= value:1)]))`],
  ['package a, b.c', `(head word:package entries:[(entry ${label('a')}) (entry label:(ref-label parts:[b c]))])`],
  ['use a.{b, c}', '(head word:use entries:[(entry label:(ref-label parts:[a (name-group names:[b c])]))])'],
  ['port a = 80, b = 81', `(head word:port entries:[(entry ${label('a')} value:80) (entry ${label('b')} value:81)])`],
  ['bind /data = x { y = 1 }', '(head word:bind entries:[(entry label:/data value:x)] body:(body items:[(assign name:y op:= value:1)]))'],
  ['scsi 3 { }', '(head word:scsi entries:[(entry label:3)] body:(body))'],
  ['dns 10.0.0.1 = x', '(head word:dns entries:[(entry label:10.0.0.1 value:x)])'],
  ['version "1" { }', '(head word:version entries:[(entry label:(str-label value:"1"))] body:(body))'],
  ['dns "${h}" = x', '(head word:dns entries:[(entry label:(str-label value:"${h}") value:x)])'],
  ['offer(a: Url, b: [Ip4] = [])', '(head word:offer params:[(param name:a type:(type-ref parts:[Url])) (param name:b type:(type-list element:(type-ref parts:[Ip4])) default:(list))])'],
  ['fn f(a: Int): String = a', '(head word:fn entries:[(entry label:(ref-label parts:[f]) params:[(param name:a type:(type-ref parts:[Int]))])] types:[(type-ref parts:[String])] value:a)'],
  ['type V : Int.where(v => v > 1)', `(head word:type entries:[(entry ${label('V')})] types:[(type-ref parts:[Int where] args:[(arg value:(lambda param:v body:(v > 1)))])])`],
  ['let x: "a" | Ref(n)? = none', `(head word:let entries:[(entry ${label('x')})] types:[(type-union members:[(type-literal value:"a") (type-optional of:(type-ref parts:[Ref] args:[(arg value:n)]))])] value:none)`],
  ['a += [1]', '(assign name:a op:+= value:(list items:[1]))'],
  ['"a b" = 1', '(assign name:a b quoted:true op:= value:1)'],
  ['"a${b}" = 1', '(assign name:a quoted:true key:"a|${b}" op:= value:1)'],
  ['if a { x = 1 } else if b { } else { }', '(if condition:a then:(body items:[(assign name:x op:= value:1)]) else:(if condition:b then:(body) else:(body)))'],
  ['for a in b where { }', undefined],
  ['for a in b { has c; has d }', `(for variable:a source:b body:(body items:[(head word:has entries:[(entry ${label('c')})]) (head word:has entries:[(entry ${label('d')})])]))`],
])('%s', (text, tree) => {
  if (tree === undefined) expect(() => item(text)).toThrow();
  else expect(item(text)).toBe(tree);
});

test('a label stands on the line of its kind', () => {
  expect(item('removal {\n  reboot()\n  x = 1\n}')).toContain('(head word:reboot)');
  expect(item('vm a\n{ x = 1 }')).toContain('body:(body items:[(assign name:x');
});

test('documentation belongs to what stands below it', () => {
  const text = '/// One\n///   two\nvm a { // not this\n  /// Three\n  x = 1\n}\n\n/// Lost\n\nvm b(\n  /// Four\n  p: Int\n) { }\nx = 1 /// not this either\nvm c { }';
  const [a, b, x, c] = parseFile({ path: 't.lab', text }).value.items as Head[];
  expect(a).toMatchObject({ doc: 'One\n  two', body: { items: [{ doc: 'Three' }] } });
  expect(b?.doc).toBeUndefined();
  expect(b).toMatchObject({ entries: [{ params: [{ doc: 'Four' }] }] });
  expect([x?.doc, c?.doc]).toEqual([undefined, undefined]);
});
