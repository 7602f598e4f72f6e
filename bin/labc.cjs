#!/usr/bin/env node
// Starts the bundle that `npm ci` or `npm run build` made. CommonJS, because Node starts it faster.
try {
  require('../dist/labc.cjs');
} catch (error) {
  if (error?.code !== 'MODULE_NOT_FOUND' || !String(error.message).includes('labc.cjs')) throw error;
  process.stderr.write('labc is not built yet: run `npm ci` in its folder\n');
  process.exitCode = 70;
}
