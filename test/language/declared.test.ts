/** Declarations that nobody uses are read as closely as those that somebody does, as far as that needs no use; what is used is not judged twice. */
import { describe, expect, it } from 'vitest';
import { standardLibrary } from '../../compiler/library.js';
import { Program } from '../../compiler/names/program.js';
import { Shapes } from '../../compiler/shapes/shapes.js';
import { Builder } from '../../compiler/structure/builder.js';
import { checkDeclared } from '../../compiler/structure/declared.js';
import { buildStructure } from '../../compiler/structure/lab.js';
import { parseFile } from '../../compiler/syntax/parse.js';
import { app, box, lab } from './support.js';

const IMAGE = 'image = "docker.io/library/alpine:3.22.1"';

describe('what nobody uses', () => {
  it.each([
    ['persona p { L2 { coers = 4 } }', 'LAB2004 `coers`: the persona `p` has nothing called `coers`'],
    ['persona p { L2 { cores = 8GiB } }', 'LAB3001 `8GiB`: `cores` of the persona `p` wants Int, but this is the Size `8GiB`'],
    ['persona p { L3 { cores = 4 } }', 'LAB2015 `cores`: `cores` belongs to L2, not to L3'],
    ['persona p { L3 { pakage git } }', 'LAB2004 `pakage`: the persona `p` has nothing called `pakage`'],
    ['persona p : base_debain { }', 'LAB2008 `base_debain`: there is no persona called `base_debain`'],
    ['persona p { on debian { L3 { package git { versoin = "1" } } } }', 'LAB2004 `versoin`: the package `git` has nothing called `versoin`'],
    ['capability c(size: Siez) { }', 'LAB3018 `Siez`: there is no type `Siez`'],
    ['capability c(size: Size = 4) { }', 'LAB3001 `4`: `size` wants Size, but this is the Int `4`'],
    ['capability c { if machine.cores > 2 { container x { } } }', 'LAB2005 `container`: `container` cannot stand in the capability `c`'],
    [`workload w { container main { ${IMAGE}  prot http = 80 } }`, 'LAB2004 `prot`: the container `main` has nothing called `prot`'],
    [`workload w { container main { ${IMAGE}  for n in [1, 2] { port http = /x } } }`, 'LAB3001 `/x`: `port` of the port wants Port, but this is the Path `/x`'],
    [`workload w { container main { ${IMAGE}  ready { htpp = "/x" } } }`, 'LAB3005 `htpp`: Ready takes no `htpp`'],
    ['workload w { with db = postgers(major = 17) }', 'LAB2008 `postgers`: there is no part called `postgers`'],
    ['part p { container main { } container main { } }', 'LAB2003 `main`: the container `main` is declared twice'],
    ['fn f(n: Itn): Int = 1', 'LAB3018 `Itn`: there is no type `Itn`'],
  ])('%s', (source, expected) => expect(lab(source).errors).toEqual([expected]));

  it('is judged by what stands there, not by what a use brings', () => {
    expect(lab(`
persona p(cores2: Int = 3) : base_debian { L2 { cores = cores2  disk root = 8GiB { on = fast } } L3 { has docker } run later }
capability c(of: String) { for r in requests.route { file "/etc/\${r.host}" = of }  fulfils tile { for_each = t => { } } }
workload later(host: Hostname, n: Int | Size = 3) { container main { ${IMAGE}  env { "A_\${n}" = n } } route web = main.http { host = host } }
`).errors).toEqual([]);
  });
});

it('what is used is said once', () => {
  expect(lab(app('prot http = 80')).errors).toEqual(['LAB2004 `prot`: the container `main` has nothing called `prot`']);
  expect(lab(`persona p { L2 { coers = 4 } }\nvm a : box_base, p { nic lan }\n${box('')}`).errors).toEqual(['LAB2004 `coers`: the vm `a` has nothing called `coers`']);
});

it('nothing of the standard library is wrong as it stands', () => {
  const program = new Program([{ name: 'std', files: standardLibrary().files }, { name: 'lab', files: [parseFile({ path: 'a.lab', text: 'lab t { domain = "example.net" }' }).value] }]);
  const structure = buildStructure(program, new Shapes(program), () => '');
  expect(structure?.builder).toBeInstanceOf(Builder);
  const found = structure === null ? [] : checkDeclared(structure.builder, new Set(['std']), []);
  expect(found.map((item) => `${item.span.file}:${item.span.start} ${item.code} ${item.message}`)).toEqual([]);
});
