/** The tools that tests run answer with the versions that `tools/` pins, and scripts are clean. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cleanEnvironment, describeWithTool, pinnedVersion, repositoryRoot } from './support/tools.js'

test('children see no variable that slows or disturbs them', () => {
  expect(cleanEnvironment()).not.toHaveProperty('NODE_EXTRA_CA_CERTS')
})

describeWithTool('docker compose', (compose) => {
  test('is the version that tools/ pins', async () => {
    expect((await compose.run(['version', '--short'])).stdout.trim()).toBe(pinnedVersion('compose'))
  })
})

describeWithTool('just', (just) => {
  test('answers', async () => {
    expect((await just.run(['--version'])).stdout).toMatch(/^just 1\./)
  })
})

describeWithTool('shellcheck', (shellcheck) => {
  test('finds nothing in the scripts of tools/, the rig and CI', async () => {
    const scripts = readdirSync(join(repositoryRoot, 'tools')).filter((name) => name.endsWith('.sh'))
    const result = await shellcheck.run(['-x', '.ci/run', 'test/rig/boot.sh', ...scripts.map((name) => join('tools', name))], { cwd: repositoryRoot })
    expect(result.all).toBe('')
  })
})
