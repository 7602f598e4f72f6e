/**
 * Where the parts of the compiler are. What checks a lab is in the bundle itself, since most commands check one: a module that
 * is loaded later within a bundle costs more than it saves. The others are files beside it, loaded when first asked for.
 */
import { compile, librariesOf } from '../compile.js';
import { standardLibrary } from '../library.js';
import { chooseFiles } from '../names/library-files.js';
import type { Parts } from './compiler.js';

export const parts: Parts = {
  compiler: async () => {
    const library = standardLibrary();
    return { check: (sources) => compile(sources, library), libraries: (sources) => librariesOf(sources, library), chooseFiles };
  },
  emit: async () => (await import('../emit/index.js')).emitAll,
  review: async () => await import('../review/index.js'),
  origins: async () => (await import('../origins/index.js')).subjectOf,
  format: async () => (await import('../format/format.js')).format,
};
