/** How diagnostics look, and what rendering never lets through. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collate } from '../../compiler/diagnostics/collate.js';
import type { Diagnostic } from '../../compiler/diagnostics/diagnostic.js';
import { applyEdits } from '../../compiler/diagnostics/fix-diff.js';
import { render, renderAll } from '../../compiler/diagnostics/render.js';
import { columns } from '../../compiler/diagnostics/terminal-text.js';
import { toJson } from '../../compiler/diagnostics/to-json.js';

const text = `lab home { domain = "home.example.net" }

vm carrie : docker_host {
  nod = maturin
  nic lan { address = 192.168.86.228 }
}
vm misery {
\tnic lan { address = 192.168.86.228 }
}
`;
const other = 'device printer { address = 192.168.86.228 }\n';
const sources = (file: string): { path: string; text?: string } => {
  const known = file === 'site.lab' ? text : file === 'devices.lab' ? other : undefined;
  return known === undefined ? { path: file } : { path: `labs/home/${file}`, text: known };
};
const span = (part: string, nth = 0, file = 'site.lab'): { file: string; start: number; end: number } => {
  let start = -1;
  for (let i = 0; i <= nth; i++) start = (file === 'site.lab' ? text : other).indexOf(part, start + 1);
  return { file, start, end: start + part.length };
};
const make = (more: Partial<Diagnostic>): Diagnostic => ({
  code: 'LAB4999', slug: 'x', severity: 'error', message: 'two machines have the address `192.168.86.228`', span: span('192.168.86.228', 1), labels: [], fixes: [], ...more,
});
const plain = { colour: false, width: 80 };

describe('render', () => {
  it('leaves a statement on one line where it fits one, so that it can be copied', () => {
    const statement = '`move notes.server.data { from = /srv/notes/server/data }`';
    const help = (text: string): string => render(make({ help: text }), sources, plain);
    expect(help(`the data lies elsewhere; write ${statement}, and it is carried over first`)).toContain(`        ${statement}, and it`);
    expect(help(`write \`${'long '.repeat(30).trim()}\` there`).split('\n').every((line) => columns(line) <= 80)).toBe(true);
  });

  it('shows two places of a file, a place of another file and help', () => {
    const diagnostic = make({
      labels: [{ span: span('192.168.86.228'), text: '`carrie` takes it here' }, { span: span('192.168.86.228', 0, 'devices.lab'), text: 'and so does `printer`' }],
      help: 'take another one: the network allocates from `192.168.86.210 .. 192.168.86.239`, and `address = auto` picks one',
    });
    expect(render(diagnostic, sources, plain)).toMatchInlineSnapshot(`
      "error[LAB4999]: two machines have the address \`192.168.86.228\`
         ┌─ labs/home/site.lab:8:22
         │
       5 │   nic lan { address = 192.168.86.228 }
         │                       ~~~~~~~~~~~~~~ \`carrie\` takes it here
         ·
       8 │   nic lan { address = 192.168.86.228 }
         │                       ^^^^^^^^^^^^^^
         ├─ labs/home/devices.lab:1:28
         │
       1 │ device printer { address = 192.168.86.228 }
         │                            ~~~~~~~~~~~~~~ and so does \`printer\`
         │
         = help: take another one: the network allocates from
                 \`192.168.86.210 .. 192.168.86.239\`, and \`address = auto\` picks one
      "
    `);
  });

  it('shows a fix as the lines that change', () => {
    const fixes = [{ title: 'rename it to `node`', edits: [{ span: span('nod'), text: 'node' }] }];
    expect(render(make({ message: '`vm` has nothing called `nod`', span: span('nod'), fixes }), sources, plain)).toMatchInlineSnapshot(`
      "error[LAB4999]: \`vm\` has nothing called \`nod\`
         ┌─ labs/home/site.lab:4:3
         │
       4 │   nod = maturin
         │   ^^^
         │
         = fix: rename it to \`node\`
       4 -   nod = maturin
       4 +   node = maturin
      "
    `);
    const insert = { file: 'site.lab', start: span('  nic lan').start, end: span('  nic lan').start };
    const added = [{ title: 'give it cores', edits: [{ span: insert, text: '  cores = 2\n' }] }];
    expect(render(make({ severity: 'warning', message: '`carrie` has no cores', span: span('carrie'), fixes: added }), sources, plain)).toMatchInlineSnapshot(`
      "warning[LAB4999]: \`carrie\` has no cores
         ┌─ labs/home/site.lab:3:4
         │
       3 │ vm carrie : docker_host {
         │    ^^^^^^
         │
         = fix: give it cores
       5 +   cores = 2
       5     nic lan { address = 192.168.86.228 }
      "
    `);
  });

  it('shows the first and the last line of a long place, and nothing for a whole file', () => {
    expect(render(make({ message: 'this body is odd', span: { file: 'site.lab', start: text.indexOf('{\n'), end: text.indexOf('}\nvm') + 1 } }), sources, plain)).toMatchInlineSnapshot(`
      "error[LAB4999]: this body is odd
         ┌─ labs/home/site.lab:3:25
         │
       3 │ vm carrie : docker_host {
         │                         ^
         ·
       6 │ }
         │ ^
      "
    `);
    expect(render(make({ message: '`x.lab` cannot be read', span: { file: 'x.lab', start: 0, end: 0 } }), sources, plain)).toMatchInlineSnapshot(`
      "error[LAB4999]: \`x.lab\` cannot be read
         ┌─ x.lab
      "
    `);
    expect(render(make({ message: 'labc has no command `biuld`', span: { file: '', start: 0, end: 0 } }), sources, plain)).toMatchInlineSnapshot(`
      "error[LAB4999]: labc has no command \`biuld\`
      "
    `);
  });

  it('cuts a line that is too wide around the mark and moves its text below', () => {
    const long = `let x = "${'a'.repeat(200)}" + oops + "${'b'.repeat(200)}"\n`;
    const at = long.indexOf('oops');
    const place = { file: 'long.lab', start: at, end: at + 4 };
    const view = (): { path: string; text: string } => ({ path: 'long.lab', text: long });
    const out = render(make({ message: 'nothing here is called `oops`', span: place, labels: [{ span: place, text: 'a sentence that has no room behind its mark on this line' }] }), view, { colour: false, width: 60 });
    expect(out).toMatchInlineSnapshot(`
      "error[LAB4999]: nothing here is called \`oops\`
         ┌─ long.lab:1:214
         │
       1 │ …aaaaaaaaaaaaa" + oops + "bbbbbbbbbbbbbbbbbbbbbbbbbbbb…
         │                   ^^^^
         │     a sentence that has no room behind its mark on this
         │     line
      "
    `);
  });

  it('counts wide and combining characters, and never lets a source steer the terminal', () => {
    const nasty = 'let \u6f22\u5b57e\u0301 = "\u001b[31m\u202e" + oops\n';
    const at = nasty.indexOf('oops');
    const out = render(make({ message: 'bad \u001b]0;title\u0007 \u202e', span: { file: 'n.lab', start: at, end: at + 4 } }), () => ({ path: 'n\u001b.lab', text: nasty }), plain);
    expect(out).toMatchInlineSnapshot(`
      "error[LAB4999]: bad ␛]0;title␇ �
         ┌─ n␛.lab:1:23
         │
       1 │ let 漢字é = "␛[31m�" + oops
         │                        ^^^^
      "
    `);
  });

  it('colours only when told', () => {
    const out = render(make({}), sources, { colour: true, width: 80 });
    expect(out).toContain('\u001b[1;31merror[LAB4999]:\u001b[0m');
    expect(out.replace(/\u001b\[[0-9;]*m/g, '')).toBe(render(make({}), sources, plain));
  });

  it('survives any text, span and width', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), fc.nat(50), fc.nat(50), fc.integer({ min: 20, max: 120 }), fc.string({ unit: 'binary' }), (source, start, length, width, message) => {
      const place = { file: 'f', start, end: start + length };
      const out = render(make({ message, span: place, labels: [{ span: place, text: message }], help: message }), () => ({ path: 'f', text: source }), { colour: false, width });
      expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e]/);
    }));
  });

  it('keeps snippets within the width', () => {
    fc.assert(fc.property(fc.string({ maxLength: 300 }).filter((line) => !line.includes('\n')), fc.nat(300), fc.nat(40), (line, start, length) => {
      const out = render(make({ message: 'm', span: { file: 'f', start, end: start + length } }), () => ({ path: 'f', text: line }), { colour: false, width: 60 });
      for (const row of out.split('\n')) expect(columns(row)).toBeLessThanOrEqual(61);
    }));
  });
});

describe('collate', () => {
  it('orders by file, position and code, and drops equal ones', () => {
    const at = (file: string, start: number, code: string): Diagnostic => make({ code, span: { file, start, end: start + 1 } });
    const all = [at('b', 1, 'LAB1'), at('a', 9, 'LAB2'), at('a', 9, 'LAB1'), at('a', 10, 'LAB0'), at('a', 9, 'LAB1')];
    expect(collate(all).map((d) => `${d.span.file}${d.span.start}${d.code}`)).toEqual(['a9LAB1', 'a9LAB2', 'a10LAB0', 'b1LAB1']);
    expect(renderAll(collate(all), sources, plain)).toBe(renderAll(collate([...all].reverse()), sources, plain));
  });
});

describe('json', () => {
  it('counts lines and columns from one', () => {
    const json = toJson(make({ span: span('nod'), fixes: [{ title: 't', edits: [{ span: span('nod'), text: 'node' }] }] }), sources);
    expect(json.place).toEqual({ file: 'labs/home/site.lab', start: { line: 4, column: 3 }, end: { line: 4, column: 6 } });
    expect(json.fixes[0]?.edits[0]?.place.start).toEqual({ line: 4, column: 3 });
    expect(toJson(make({ span: { file: '', start: 0, end: 0 } }), sources).place).toEqual({ file: null, start: null, end: null });
  });
});

describe('applyEdits', () => {
  it('applies from left to right and drops what overlaps', () => {
    const edit = (start: number, end: number, put: string): { span: { file: string; start: number; end: number }; text: string } => ({ span: { file: 'f', start, end }, text: put });
    expect(applyEdits('abcdef', [edit(4, 5, 'X'), edit(0, 2, ''), edit(1, 3, 'no')])).toBe('cdXf');
  });
});
