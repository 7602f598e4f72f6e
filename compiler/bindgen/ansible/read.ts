/** Asks the real ansible-doc for every module; versions of collections come from the manifest beside the module's code. */
import { readFile } from 'node:fs/promises';
import { compareText } from '../../base/text.js';
import type { ModuleSpec } from '../../bindings/ansible-module.js';
import { distilled, type Distilled } from '../distilled.js';
import { MissingTool, type Repository } from '../generator.js';
import { runTool } from '../tools.js';
import { distilModule, type AnsibleSchema, type RawDoc } from './distil.js';
import { MODULES } from './modules.js';

export async function readAnsible({ root }: Repository): Promise<Distilled<AnsibleSchema>> {
  const core = /core ([0-9.]+)/.exec(await runTool(root, 'ansible-doc', ['--version'], root))?.[1] ?? 'unknown';
  const docs = JSON.parse(await runTool(root, 'ansible-doc', ['-j', '-t', 'module', ...MODULES], root)) as {
    readonly [name: string]: { readonly doc?: RawDoc };
  };
  const versions: { [collection: string]: string } = { 'ansible-core': core };
  const modules: { [name: string]: ModuleSpec } = {};
  for (const name of MODULES) {
    const doc = docs[name]?.doc;
    if (doc === undefined) throw new MissingTool(name, 'ansible-doc does not know it; tools/prepare.sh installs its collection');
    modules[name] = distilModule(name, doc, await readFile(doc.filename, 'utf8'));
    const folder = doc.filename.slice(0, doc.filename.indexOf('/plugins/modules/'));
    if (name.startsWith('ansible.builtin.')) continue;
    const manifest = JSON.parse(await readFile(`${folder}/MANIFEST.json`, 'utf8')) as { collection_info: { version: string } };
    versions[name.slice(0, name.lastIndexOf('.'))] = manifest.collection_info.version;
  }
  const sorted = Object.fromEntries(Object.entries(versions).sort(([a], [b]) => compareText(a, b)));
  return distilled(sorted, { modules });
}
