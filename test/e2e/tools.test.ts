/**
 * Both labs as Compose, just, nftables and the languages of emitted scripts read them. Promtool is not among the tools
 * of `tools/prepare.sh`: of Prometheus' own files only that they are YAML is proven here.
 */
import { readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Ajv2019 from 'ajv/dist/2019.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { sortedBy } from '../../compiler/base/text.js';
import { emitAll } from '../../compiler/emit/index.js';
import { writeOut } from '../support/out-folder.js';
import { describeWithTool, repositoryRoot, runProgram } from '../support/tools.js';
import { build, labs, readLab, writeTree } from './lab-kit.js';

/** Home Assistant's own tags, the only ones in a file that labc writes. */
const tags = ['!include', '!include_dir_named'];
const customTags = tags.map((tag) => ({ tag, resolve: (text: string) => text }));
const readYaml = `import json, sys, yaml
for tag in ${JSON.stringify(tags)}: yaml.SafeLoader.add_constructor(tag, lambda loader, node: loader.construct_scalar(node))
print(json.dumps([yaml.safe_load(open(path)) for path in sys.argv[1:]]))`;

describe.each(labs)('labs/%s', (name) => {
  const { files, plan } = build(readLab(`labs/${name}`));
  const those = (pattern: RegExp): readonly (readonly [string, string])[] => [...files].filter(([path]) => pattern.test(path));
  const stacks = those(/\/compose\.yaml$/);
  let folder = '';
  beforeAll(() => {
    folder = writeTree(files);
    writeOut(folder, emitAll(plan));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('has a stack for each instance', () => {
    expect(stacks.map(([path]) => path)).toEqual(sortedBy(plan.instances, ({ machine, name: instance }) => `${machine}/${instance}`).map((instance) => `compose/${instance.machine}/${instance.name}/compose.yaml`));
  });

  test('every YAML and JSON file parses, without a warning and with no key twice', () => {
    for (const [path, text] of those(/\.ya?ml$|\.ansible-lint$/)) {
      const documents = parseAllDocuments(text, { customTags }) as readonly { errors: readonly unknown[]; warnings: readonly unknown[] }[];
      expect(documents.flatMap(({ errors, warnings }) => [...errors, ...warnings]), path).toEqual([]);
    }
    for (const [path, text] of those(/\.json$/)) expect(() => JSON.parse(text) as unknown, path).not.toThrow();
  });

  test('every stack follows the compose-spec schema', () => {
    const { content } = JSON.parse(readFileSync(join(repositoryRoot, 'compiler', 'bindings', 'compose.schema.json'), 'utf8')) as { content: Record<string, unknown> };
    const { $schema: _dialect, ...rules } = content;
    const ajv = new Ajv2019.default({ strict: false, allErrors: true, validateSchema: false });
    addFormats.default(ajv);
    const validate = ajv.compile(rules);
    for (const [path, text] of stacks) {
      validate(parse(text));
      expect(validate.errors, path).toBeNull();
    }
  });

  describeWithTool('docker compose', (compose) => {
    test('reads every stack, silently, as what is written', async () => {
      for (const [path, text] of stacks) {
        const result = await compose.run(['config', '--format', 'json'], { cwd: join(folder, dirname(path)), env: { HOME: '/nowhere' } });
        expect({ path, code: result.exitCode, said: result.stderr }).toEqual({ path, code: 0, said: '' });
        const read = JSON.parse(result.stdout) as { name: string; services: Record<string, { image: string; container_name?: string }> };
        const written = parse(text) as typeof read;
        expect(read.name, path).toBe(written.name);
        for (const [service, { image }] of Object.entries(written.services)) {
          expect(read.services[service]!.image, `${path} ${service}`).toBe(image);
          expect(image, `${path} ${service}`).toMatch(/^[a-z0-9.-]+(\.[a-z]+|:\d+)\/[^:]+:[^:@]+(@sha256:[0-9a-f]{64})?$/);
          expect(image, `${path} ${service}`).not.toMatch(/:latest$/);
        }
      }
    }, 120_000);
  });

  describeWithTool('just', (just) => {
    const run = (...args: string[]) => just.run(args, { cwd: folder });

    test('has every module formatted', async () => {
      for (const [path] of those(/justfile$|\.just$/)) expect((await run('--justfile', join(folder, path), '--fmt', '--check')).all, path).toBe('');
    }, 60_000);

    test('lists its recipes, each with a line of its own, and runs each dry', async () => {
      expect((await run('--list')).exitCode).toBe(0);
      const { stdout } = await run('--dump', '--dump-format', 'json');
      const undocumented: string[] = [];
      type Module = { readonly recipes: Record<string, { readonly doc: string | null; readonly private: boolean }>; readonly modules: Record<string, Module> };
      const walk = (module: Module, at: string): void => {
        for (const [recipe, { doc, private: hidden }] of Object.entries(module.recipes)) if (doc === null && !hidden) undocumented.push(`${at}${recipe}`);
        for (const [child, inner] of Object.entries(module.modules)) walk(inner, `${at}${child}::`);
      };
      walk(JSON.parse(stdout) as Module, '');
      expect(undocumented).toEqual([]);
      const recipes = (await run('--summary')).stdout.trim().split(/\s+/);
      for (const instance of plan.instances) expect(recipes).toContain(`${instance.machine}::${instance.name}::up`);
      for (const recipe of recipes) {
        const { exitCode, all } = await run('--yes', '--dry-run', recipe);
        expect(exitCode, `${recipe}: ${all}`).toBe(0);
      }
    }, 180_000);
  });

  describeWithTool('nft', (nft) => {
    test('takes every rule set', async () => {
      const sets = those(/\.nft$/);
      expect(sets.length).toBeGreaterThan(0);
      // A name space of its own: nft looks at the kernel's tables even when it only checks.
      for (const [path] of sets) {
        const { exitCode, all } = await runProgram('/usr/bin/unshare', ['--map-root-user', '--net', nft.path, '-c', '-f', join(folder, path)]);
        expect({ path, exitCode, all }).toEqual({ path, exitCode: 0, all: '' });
      }
    });
  });

  describeWithTool('python', (python) => {
    test('compiles every script, and PyYAML reads every YAML file as the reader of YAML 1.2 does', async () => {
      // Units and fragments of other programs have no ending; what python runs says so in its first line.
      const scripts = [...files].filter(([path, text]) => path.endsWith('.py') || /^#!.*python/.test(text)).map(([path]) => path);
      expect(scripts).toContain('just/runway.py');
      const compiled = await python.run(['-c', 'import sys\nfor path in sys.argv[1:]: compile(open(path).read(), path, "exec")', ...scripts], { cwd: folder });
      expect(compiled.all).toBe('');
      const yamls = those(/\.ya?ml$/);
      const read = await python.run(['-c', readYaml, ...yamls.map(([path]) => path)], { cwd: folder });
      expect(read.stderr).toBe('');
      const seen = JSON.parse(read.stdout) as unknown[];
      for (const [at, [path, text]] of yamls.entries()) expect(seen[at], path).toEqual(JSON.parse(JSON.stringify(parse(text, { customTags }))));
    }, 60_000);
  });

  describeWithTool('shellcheck', (shellcheck) => {
    test('finds nothing in a shell script', async () => {
      const scripts = [...files].filter(([path, text]) => path.endsWith('.sh') || /^#!\S*(\/env )?\/?(ba|da)?sh\b|^#!\/bin\/(ba)?sh/.test(text)).map(([path]) => path);
      expect(scripts).toContain('ansible/roles/stack/files/job.sh');
      expect((await shellcheck.run(scripts, { cwd: folder })).all).toBe('');
    });
  });
});

