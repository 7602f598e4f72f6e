/** Where the parts of the compiler are, each loaded when first asked for. */
import type { Parts } from './compiler.js';

export const parts: Parts = {
  compiler: async () => {
    const [{ compile }, { standardLibrary }] = [await import('../compile.js'), await import('../library.js')];
    const library = standardLibrary();
    return { check: (sources) => compile(sources, library) };
  },
  emit: async () => (await import('../emit/index.js')).emitAll,
  format: async () => (await import('../format/format.js')).format,
};
