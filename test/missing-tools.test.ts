/** What `npm test` says where a tool is missing: a skip that names it, and a failure where every tool is required. */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { repositoryRoot, runProgram } from './support/tools.js'

interface Report {
  readonly testResults: readonly { readonly assertionResults: readonly { readonly title: string; readonly status: string; readonly failureMessages: readonly string[] }[] }[]
}

/** The tests of the tools themselves, as a machine without shellcheck runs them. */
async function run(more: Readonly<Record<string, string>>): Promise<{ readonly exitCode: number; readonly of: (title: string) => string }> {
  const vitest = join(repositoryRoot, 'node_modules', 'vitest', 'vitest.mjs')
  const { exitCode, stdout } = await runProgram(process.execPath, [vitest, 'run', 'test/tools.test.ts', '--reporter=json'], {
    cwd: repositoryRoot,
    env: { HOME: '/nowhere', PATH: '/nowhere', LABC_TOOLS_CACHE: '/nowhere', ...more },
  })
  const results = (JSON.parse(stdout.slice(stdout.indexOf('{'))) as Report).testResults.flatMap((file) => file.assertionResults)
  return {
    exitCode,
    of: (title) => results.filter((result) => result.title === title).map((result) => `${result.status} ${result.failureMessages.join(' ').split('\n')[0]}`.trim()).join(),
  }
}

test('a missing tool is a skip with its name', async () => {
  const { exitCode, of } = await run({})
  expect([exitCode, of('skipped: shellcheck not found'), of('children see no variable that slows or disturbs them')]).toEqual([0, 'skipped', 'passed'])
}, 120_000)

test('where tools are required it is a failure that says how to get it', async () => {
  const { exitCode, of } = await run({ LABC_REQUIRE_TOOLS: '1' })
  expect([exitCode, of('required: shellcheck')]).toEqual([1, 'failed Error: shellcheck not found: run tools/prepare.sh'])
}, 120_000)
