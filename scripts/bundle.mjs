/**
 * Bundles the command line into dist/: labc.cjs holds what checking a lab needs; what only some commands use is in files beside
 * it. CommonJS, because Node starts it faster than modules; every module of a bundle is in its one scope, because modules in
 * functions of their own are read twice. Runs on `npm ci` (prepare), with or without a Git folder;
 * a folder on the command line stands in for dist/.
 */
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = process.argv[2] ?? join(root, 'dist');

/** Bundles by name, and the module that each one exports. */
const bundles = {
  'labc.cjs': 'compiler/cli/main.ts',
  'labc-emit.cjs': 'compiler/emit/index.ts',
  'labc-review.cjs': 'compiler/review/index.ts',
  'labc-origins.cjs': 'compiler/origins/index.ts',
  'labc-format.cjs': 'compiler/format/format.ts',
  'labc-store.cjs': 'compiler/cli/store.ts',
};

if (existsSync(join(root, bundles['labc.cjs']))) await bundleAll();
// A package from a registry brings dist/ and no sources.
else if (!existsSync(join(dist, 'labc.cjs'))) throw new Error('neither the sources nor dist/labc.cjs are here: the package is damaged');

async function bundleAll() {
  const { build } = await import('esbuild');
  mkdirSync(dist, { recursive: true });
  for (const name of readdirSync(dist)) if (name.startsWith('labc')) rmSync(join(dist, name));
  await Promise.all(Object.entries(bundles).map(([name, entry]) => build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: join(dist, name),
    bundle: true,
    minify: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20.19',
    legalComments: 'none',
    logLevel: 'warning',
    // require() where import() stands: it does not start the loader of modules.
    define: { 'import.meta.dirname': '__dirname' },
    supported: { 'dynamic-import': false },
    plugins: [separate(name)],
  })));
  const sizes = Object.keys(bundles).map((name) => `${name} ${Math.round(statSync(join(dist, name)).size / 1000)} kB`);
  process.stdout.write(`dist: ${sizes.join(', ')}\n`);
}

/** Leaves the entries of the other bundles out of the bundle `own`; they are loaded from beside it. */
function separate(own) {
  return {
    name: 'separate',
    setup(build) {
      build.onResolve({ filter: /^\.\.?\// }, ({ importer, path, kind }) => {
        if (kind !== 'dynamic-import') return undefined;
        const target = join(dirname(importer), path).replace(/\.js$/, '.ts');
        const other = Object.keys(bundles).find((name) => name !== own && join(root, bundles[name]) === target);
        return other === undefined ? undefined : { path: `./${other}`, external: true };
      });
    },
  };
}
