/** How the tests run: everything below test/ that ends in .test.ts. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Children of tests start without what slows or warns on this or that machine.
    env: { NODE_EXTRA_CA_CERTS: '', TF_CLI_CONFIG_FILE: '', NO_COLOR: '1', TZ: 'UTC', LC_ALL: 'C.UTF-8' },
    // Every core works: by default one of them is left to whoever watches.
    maxWorkers: '100%',
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
