/** Where the parts of the compiler are, each loaded when first asked for. */
import type { Parts } from './compiler.js';

export const parts: Parts = {
  compiler: async () => {
    const [{ compile, librariesOf }, { standardLibrary }, { chooseFiles }] = [await import('../compile.js'), await import('../library.js'), await import('../names/library-files.js')];
    const library = standardLibrary();
    return { check: (sources) => compile(sources, library), libraries: (sources) => librariesOf(sources, library), chooseFiles };
  },
  emit: async () => (await import('../emit/index.js')).emitAll,
  review: async () => await import('../review/index.js'),
  origins: async () => (await import('../origins/index.js')).subjectOf,
  format: async () => (await import('../format/format.js')).format,
};
