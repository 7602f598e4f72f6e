/** Where the parts of the compiler are, each loaded when first asked for. */
import type { Parts } from './compiler.js';

export const parts: Parts = {
  compiler: async () => {
    const [{ compile }, { readStandardLibrary }] = [await import('../compile.js'), await import('./standard-library.js')];
    const library = readStandardLibrary();
    return { check: (sources) => compile(sources, library) };
  },
  emit: async () => (await import('../emit/index.js')).emitAll,
  format: async () => (await import('../format/format.js')).format,
};
