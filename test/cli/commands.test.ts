/** The commands over a disk in memory and a stand-in compiler: what is printed, what is written, which code is returned. */
import { describe, expect, it } from 'vitest';
import { labc } from '../support/fake-world.js';
import { MemoryDisk } from '../support/memory-disk.js';

const home = 'lab home { }\nvm box { cores = 4 }\nvm nas { }\n';
const disk = (): MemoryDisk => MemoryDisk.of({ 'labs/home/site.lab': home });

describe('build', () => {
  it('says what was built, then what changed, then that nothing did', async () => {
    const d = disk();
    expect(await labc(d, ['build', 'labs/'])).toMatchInlineSnapshot(`
      {
        "err": "",
        "exit": 0,
        "out": "labs/home -> out/home: 2 machines, 0 instances, 3 files
        terraform  2 files: 2 new
        overview   1 file: 1 new
        ~ labs/home/lab.lock: commit it, it holds what was allocated
      ",
      }
    `);
    d.put('labs/home/site.lab', home.replace('vm nas', 'vm web'));
    expect((await labc(d, ['build'])).out).toMatchInlineSnapshot(`
      "labs/home -> out/home: 2 machines, 0 instances, 3 files
        terraform  2 files: 1 new, 1 removed
        overview   1 file
        - terraform/nas.tf
        + terraform/web.tf
      "
    `);
    expect((await labc(d, ['build'])).out).toMatchInlineSnapshot(`
      "labs/home -> out/home: 2 machines, 0 instances, 3 files
        terraform  2 files
        overview   1 file
        nothing changed
      "
    `);
    expect(d.tree('out/home')).toMatchObject({ 'terraform/box.tf': '# box\ncores = 4\n', 'terraform/web.tf': expect.anything() });
    expect(d.tree('labs/home')['lab.lock']).toBe('lock of home\n');
  });

  it('writes nothing of a lab with an error, and the others', async () => {
    const d = disk();
    d.put('labs/bad/site.lab', 'lab bad { }\nvm x { cores = oops }\n');
    const ran = await labc(d, ['build']);
    expect(ran).toMatchInlineSnapshot(`
      {
        "err": "error[LAB2001]: nothing here is called \`oops\`
         ┌─ labs/bad/site.lab:2:16
         │
       2 │ vm x { cores = oops }
         │                ^^^^

      1 error. More about one: labc explain LAB2001
      ",
        "exit": 1,
        "out": "labs/home -> out/home: 2 machines, 0 instances, 3 files
        terraform  2 files: 2 new
        overview   1 file: 1 new
        ~ labs/home/lab.lock: commit it, it holds what was allocated
      ",
      }
    `);
    expect(Object.keys(d.tree('out'))).not.toContain('bad/');
    expect(d.tree('labs/bad')).toEqual({ 'site.lab': expect.anything() });
  });

  it('refuses two labs of one name, naming both', async () => {
    const d = disk();
    d.put('labs/other/a.lab', '// a\nlab home { }\n');
    const ran = await labc(d, ['build']);
    expect(ran).toMatchInlineSnapshot(`
      {
        "err": "error[LAB9010]: two labs are named \`home\`
         ┌─ labs/home/site.lab:1:1
         │
       1 │ lab home { }
         │ ^^^^^^^^
         ├─ labs/other/a.lab:2:1
         │
       2 │ lab home { }
         │ ~~~~~~~~ and here, in \`labs/other\`
         │
         = help: give one of them another name: what they build goes to \`out/home\`
                 both

      1 error. More about one: labc explain LAB9010
      ",
        "exit": 1,
        "out": "",
      }
    `);
    expect(d.tree('.')['out/']).toBeUndefined();
  });

  it('keeps hand edits unless forced', async () => {
    const d = disk();
    await labc(d, ['build']);
    d.put('out/home/README.md', 'mine');
    expect(await labc(d, ['build'])).toMatchInlineSnapshot(`
      {
        "err": "error[LAB9013]: \`out/home/README.md\` was edited by hand and is kept as it is
         ┌─ out/home/README.md
         = help: say the change in the sources, then build with \`--force\` to have the
                 file written anew

      1 error. More about one: labc explain LAB9013
      ",
        "exit": 1,
        "out": "labs/home -> out/home: 2 machines, 0 instances, 3 files
        terraform  2 files
        overview   1 file: 1 kept
        nothing changed
      ",
      }
    `);
    expect(await labc(d, ['build', '--force'])).toMatchObject({ exit: 0, err: '' });
    expect(d.tree('out/home')['README.md']).toBe('# home\n');
  });

  it('answers in JSON', async () => {
    const ran = await labc(disk(), ['build', '--json']);
    expect(JSON.parse(ran.out)).toMatchObject({
      labc: '0.0.0-test', command: 'build', ok: true, diagnostics: [],
      labs: [{ source: 'labs/home', built: true, lab: 'home', output: 'out/home', targets: { terraform: 2, overview: 1 }, added: ['README.md', 'terraform/box.tf', 'terraform/nas.tf'], lockChanged: true }],
    });
    const bad = await labc(MemoryDisk.of({ 'labs/x/x.lab': 'oops' }), ['build', '--json']);
    expect(bad.exit).toBe(1);
    expect(JSON.parse(bad.out)).toMatchObject({ ok: false, diagnostics: [{ code: 'LAB2001', place: { file: 'labs/x/x.lab', start: { line: 1, column: 1 } } }] });
  });

  it('finishes what a killed build left, whatever the command', async () => {
    const d = disk();
    d.put('out/.labc-stage-home/0', '');
    for (const command of ['check', 'fmt', 'escapes', 'graph']) expect(await labc(d, [command])).toMatchObject({ exit: 0 });
    expect(d.tree('out')).toEqual({});
  });
});

describe('the others', () => {
  it('check counts, shows notes and writes nothing', async () => {
    const d = disk();
    const before = d.tree('.');
    expect(await labc(d, ['check'])).toMatchInlineSnapshot(`
      {
        "err": "",
        "exit": 0,
        "out": "labs/home: no errors in 2 machines, 0 instances, 0 networks
        note: nobody answers \`dns\` (labs/home/site.lab:1)
      ",
      }
    `);
    expect(d.tree('.')).toEqual(before);
  });

  it('fmt rewrites, --check only tells', async () => {
    const d = MemoryDisk.of({ 'labs/home/a.lab': 'lab home {}\n\n\n', 'labs/home/b.lab': 'vm b {}\n', 'labs/home/c.lab': 'vm oops' });
    expect(await labc(d, ['fmt', '--check'])).toMatchInlineSnapshot(`
      {
        "err": "error[LAB9021]: \`labs/home/a.lab\` is not formatted
         ┌─ labs/home/a.lab
         = help: run \`labc fmt\`

      error[LAB2001]: nothing here is called \`oops\`
         ┌─ labs/home/c.lab:1:4
         │
       1 │ vm oops
         │    ^^^^

      2 errors. More about one: labc explain LAB9021
      ",
        "exit": 1,
        "out": "3 files, 1 would change
      ",
      }
    `);
    expect(await labc(d, ['fmt', 'labs/home/a.lab'])).toEqual({ exit: 0, out: 'labs/home/a.lab\n1 file, 1 formatted\n', err: '' });
    expect(d.tree('labs/home')).toEqual({ 'a.lab': 'lab home {}\n', 'b.lab': 'vm b {}\n', 'c.lab': 'vm oops' });
  });

  it('why shows every statement about a value, and the source of a built line', async () => {
    expect((await labc(disk(), ['why', 'home.box.cores'])).out).toMatchInlineSnapshot(`
      "home.box.cores = 4
        machine  4  labs/home/site.lab:2
        library  2  stdlib/personas/base.lab:7
      "
    `);
    expect((await labc(disk(), ['why', 'out/home/terraform/box.tf:2'])).out).toMatchInlineSnapshot(`
      "out/home/terraform/box.tf:2 = cores = 4
        machine  lab home { }  labs/home/site.lab:1
      "
    `);
    expect(await labc(disk(), ['why', 'home.box.colour'])).toMatchObject({ exit: 1, err: expect.stringContaining('LAB9045') });
  });

  it('escapes and graph print tables', async () => {
    expect((await labc(disk(), ['escapes'])).out).toMatchInlineSnapshot(`
      "labs/home: 1 escape
        terraform  box  3 lines of Terraform  (labs/home/site.lab:1)
      "
    `);
    expect((await labc(disk(), ['graph'])).out).toMatchInlineSnapshot(`
      "labs/home: 2 stages in 2 waves (L2 makes a machine, L3 converges its system, L4 starts its workloads)
      wave 1
        box  L3
      wave 2
        nas  L3  after box L3 (mounts nas.export.media)
      "
    `);
    expect((await labc(disk(), ['graph', '--dot'])).out).toMatchInlineSnapshot(`
      "digraph "home" {
        rankdir=LR;
        node [shape=box];
        "box L3";
        "nas L3";
        "box L3" -> "nas L3" [tooltip="mounts nas.export.media"];
      }
      "
    `);
    expect(JSON.parse((await labc(disk(), ['graph', '--json'])).out).labs[0].stages[1]).toEqual({ index: 1, machine: 'nas', layer: 'L3', wave: 1, after: [0], because: ['mounts nas.export.media'] });
  });

  it('explain prints a page, a list, or a guess', async () => {
    expect((await labc(disk(), ['explain', 'lab9013'])).out).toMatchInlineSnapshot(`
      "LAB9013 edited-by-hand (error)

          \`<path>\` was edited by hand and is kept as it is
          help: say the change in the sources, then build with \`--force\` to have the
          file written anew

      The file is not the one that labc wrote: its hash differs from the one in
      \`manifest.json\`. All other files were written; this one was kept, so \`out/\` is
      not what the sources say.

      Most changes have a place in the language; for what has none, see the raw
      fragments (\`terraform\`, \`task\`, \`compose\`) that \`labc escapes\` lists.
      \`labc build --force\` overwrites the edit.
      "
    `);
    expect((await labc(disk(), ['explain', 'edited-by-hand'])).out).toBe((await labc(disk(), ['explain', 'LAB9013'])).out);
    expect((await labc(disk(), ['explain'])).out).toContain('LAB9001  path-missing\n');
    expect(await labc(disk(), ['explain', 'LAB90133'])).toMatchObject({ exit: 1, err: expect.stringContaining('did you mean `labc explain LAB9013`?') });
  });
});

describe('the command line', () => {
  it('helps', async () => {
    expect((await labc(disk(), ['--help'])).out).toMatchInlineSnapshot(`
      "labc 0.0.0-test: compiles a home lab to Terraform, Ansible, Compose and just

      labc COMMAND [OPTION...] [PATH...]

        build    check labs and write their files into out/
        check    find mistakes, write nothing
        review   say what an edit does to what runs, before anything is planned
        fmt      format .lab files
        why      say where a value or a built line comes from
        escapes  list raw fragments and declined contracts
        graph    show what starts after what, and why
        explain  explain a diagnostic
        secrets  make the secrets of the store that a lab lacks
        lock     show what was built last, and forget what is gone
        fetch    bring the libraries that labs name

      labc COMMAND --help says more about a command, labc --version prints the version.
      Exit codes: 0 clean, 1 diagnostics, 2 wrong usage, 70 a bug in labc.
      "
    `);
    expect((await labc(disk(), ['build', '--help'])).out).toMatchInlineSnapshot(`
      "labc build: check labs and write their files into out/

      labc build [OPTION...] [PATH...]

        --force       overwrite files that were edited by hand
        --out FOLDER  the folder of built labs; out where it is not given
        --json        print one JSON document instead of text
        --help        print this

      A path is the folder of a lab or a folder of labs; labs/ where none is given.

      A lab with an error is not written. Otherwise its folder in out/ changes as a
      whole or not at all: files that changed are rewritten, files that are no longer
      built are removed if nobody touched them, files that labc did not write stay.
      "
    `);
    expect((await labc(disk(), ['help', 'build'])).out).toBe((await labc(disk(), ['build', '-h'])).out);
    expect(await labc(disk(), [])).toMatchObject({ exit: 2, out: '' });
    expect(await labc(disk(), ['--version'])).toEqual({ exit: 0, out: 'labc 0.0.0-test\n', err: '' });
  });

  it.each([
    [['biuld'], 'did you mean `labc build`?'],
    [['help', 'xyzzy'], 'labc has no command `xyzzy`'],
    [['--force', 'build'], 'the command comes before its options'],
    [['build', '--froce'], 'did you mean `--force`?'],
    [['build', '--force=yes'], '`--force` takes no value'],
    [['build', '--out'], '`--out` wants a value'],
    [['build', '-x'], '`labc build` has no option `-x`'],
    [['why'], 'for example: `labc why home.carrie.memory`'],
    [['explain', 'a', 'b'], '`labc explain` takes no `b`'],
    [['check', ''], 'a path on the command line is empty'],
  ])('%j is refused with code 2', async (argv, expected) => {
    const ran = await labc(disk(), argv);
    expect(ran.exit).toBe(2);
    expect(ran.out).toBe('');
    expect(ran.err).toContain(expected);
    expect(JSON.parse((await labc(disk(), [...argv, '--json'])).out)).toMatchObject({ ok: false });
  });
});
