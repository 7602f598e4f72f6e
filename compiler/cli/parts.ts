/** Where the parts of the compiler are, each loaded when first asked for. */
import type { Parts } from './compiler.js';

export const parts: Parts = {
  compiler: () => import('../compile.js'),
  emit: async () => (await import('../emit/index.js')).emitAll,
  format: async () => (await import('../format/format.js')).format,
};
