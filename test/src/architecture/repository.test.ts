import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { root, workspaces } from './sources.ts'

const git = spawnSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26 })
const tracked = git.stdout.split('\0').filter((path) => path !== '')
const here = git.status === 0 && tracked.length > 0
if (!here) process.stdout.write('SKIPPED: not a git work tree, so nobody knows which files are tracked\n')

interface Forbidden {
  readonly what: string
  readonly pattern: RegExp
  /** Text the pattern must find; put together here so that this file does not hold it. */
  readonly planted: string
}

const forbidden: readonly Forbidden[] = [
  {
    what: 'a private key',
    pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----[\r\n]+[A-Za-z0-9+/]/,
    planted: ['-----BEGIN EC ', 'PRIVATE KEY-----\nMHcC'].join(''),
  },
  {
    what: 'a bearer token',
    pattern: /\beyJ[\w-]{20,}\.eyJ[\w-]{20,}\.[\w-]{20,}/,
    planted: ['eyJhbGciOiJFZERTQSIsInR5cCI6', '.eyJzdWIiOiJwcm9maWwtYSIsImV4cCI6', `.${'x'.repeat(40)}`].join(''),
  },
  {
    what: 'the name of a package registry: which one is used is the matter of whoever installs',
    pattern:
      /\b(?:registry\.(?:npmjs|yarnpkg)\.\w+|npmjs\.(?:org|com)\/|[\w.-]*(?:artifactory|jfrog|nexus)[\w-]*\.[a-z]{2,})/i,
    planted: ['registry', 'npmjs', 'org'].join('.'),
  },
  {
    what: 'the place of a person’s files on their machine',
    // The path of the work tree and of the home directory are those of whoever runs the suite, here and now.
    pattern: new RegExp(
      [
        String.raw`(?:^|[\s'"\x60(=])/(?:home|Users)/\w+/`,
        String.raw`[A-Z]:\\\\?Users\\\\?\w+\\`,
        ...[root, homedir()].filter((path) => path.length > 5).map(escaped),
      ].join('|'),
      'm',
    ),
    planted: ['see /home', 'someone', 'project'].join('/'),
  },
  {
    what: 'a merge that was left in the middle',
    pattern: /^(?:<{7}|>{7}) /m,
    planted: `${'<'.repeat(7)} HEAD`,
  },
]

function escaped(path: string): string {
  return path.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
}

describe.skipIf(!here)('no tracked file holds', () => {
  const texts = tracked.map((path) => [path, readFileSync(join(root, path), 'latin1')] as const)

  test.each(forbidden.map((one) => [one.what, one] as const))('%s', (_, { pattern, planted }) => {
    expect(pattern.test(planted)).toBe(true)
    const holding = texts.filter(([, text]) => pattern.test(text)).map(([path]) => path)
    expect(holding).toEqual([])
  })

  test('what is built, installed or received', () => {
    const made = tracked.filter((path) =>
      /(?:^|\/)(?:node_modules|dist|\.cache|\.socle)\/|\.sqlite(?:-wal|-shm)?$|\.key$/.test(path),
    )
    expect(made).toEqual([])
  })
})

describe('the lock file', () => {
  interface Locked {
    readonly license?: string
    readonly resolved?: string
    readonly link?: boolean
    readonly dev?: boolean
    readonly integrity?: string
  }
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, Locked>
  }
  const installed = Object.entries(packages).filter(
    ([path, { link }]) => path.includes('node_modules/') && link !== true,
  )

  test('names no download address, and the digest of everything that is downloaded', () => {
    expect(installed.length).toBeGreaterThan(100)
    expect(installed.filter(([, { resolved = '' }]) => resolved.includes(':')).map(([path]) => path)).toEqual([])
    expect(
      installed.filter(([, { integrity = '' }]) => !integrity.startsWith('sha512-')).map(([path]) => path),
    ).toEqual([])
  })

  test('brings nothing in production whose licence does not go with the EUPL', () => {
    const goesWith =
      /^(?:0BSD|MIT|ISC|BSD-2-Clause|BSD-3-Clause|Apache-2\.0|BlueOak-1\.0\.0|CC0-1\.0|MPL-2\.0|Unlicense)$/
    const choices = (licence = ''): readonly string[] => licence.replaceAll(/[()]/g, '').split(/ OR | AND /)
    const strange = installed.filter(
      ([, { dev, license }]) => dev !== true && !choices(license).some((one) => goesWith.test(one)),
    )
    expect(strange.map(([path, { license }]) => `${path} ${license ?? 'none'}`)).toEqual([])
  })
})

test('every workspace is under the licence of the whole, and pins what it depends on', () => {
  expect(readFileSync(join(root, 'LICENSE'), 'latin1')).toMatch(/European Union Public Licen[cs]e/i)
  for (const folder of ['.', ...workspaces]) {
    const {
      license,
      dependencies = {},
      devDependencies = {},
    } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as {
      license: string
      dependencies?: Record<string, string>
      devDependencies?: Record<string, string>
    }
    expect(license, folder).toBe('EUPL-1.2')
    const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
      ([, version]) => !/^\d+\.\d+\.\d+$/.test(version),
    )
    expect(loose, folder).toEqual([])
  }
})
