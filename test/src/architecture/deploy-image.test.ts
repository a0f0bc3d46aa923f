import { execFileSync, spawn, type SpawnOptions, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { copiesOf, type Dockerfile, environmentOf, type Stage } from '../deploy/dockerfile.ts'
import { buildJudge, judge, repository } from '../deploy/judge.ts'
import { maySkip } from '../interop/tools.ts'
import { freePorts } from '../servers/ports.ts'

const file = join(repository, 'deploy/container/Dockerfile')
const tool = buildJudge()

let work: string
let image: Dockerfile
let run: Stage

/** No Docker engine is asked: what it would do with these instructions is done by hand, with the same commands. */
describe.skipIf(maySkip(tool))('the container file', () => {
  beforeAll(() => {
    work = mkdtempSync(join(tmpdir(), 'socle-image-'))
    const judged = judge<Dockerfile>(tool, 'dockerfile', file)
    expect(judged.findings).toEqual([])
    image = judged.read
    run = image.stages.at(-1) as Stage
  })
  afterAll(() => {
    execFileSync('chmod', ['-R', 'u+w', work])
    rmSync(work, { recursive: true, force: true })
  }, 120_000)

  test('is read by BuildKit’s own parser and linter, which find what is wrong', () => {
    const planted = (change: (text: string) => string): string => {
      const changed = join(work, 'Dockerfile')
      writeFileSync(changed, change(readFileSync(file, 'utf8')))
      return judge(tool, 'dockerfile', changed).findings.join('\n')
    }
    expect(planted((text) => text.replace('USER', 'USR'))).toContain('USR')
    expect(planted((text) => text.replace('AS run', 'as run'))).toContain('FromAsCasing')
    expect(planted((text) => text.replace('--from=build', '--form=build'))).toContain('form')
  })

  test('runs as a number that is not root, from a base with a version, and says how it is', () => {
    expect(run.Commands.flatMap(({ User }) => User ?? [])).toEqual(['10001:10001'])
    const bases = image.arguments.flatMap(({ Args }) => Args)
    expect(bases).toMatchObject([{ Key: 'NODE_IMAGE', Value: expect.stringMatching(/^node:\d+\.\d+\.\d+-/) as string }])
    expect(new Set(image.stages.map(({ BaseName }) => BaseName))).toEqual(new Set(['${NODE_IMAGE}']))
    expect(run.Commands.flatMap(({ Health }) => Health?.Test.slice(0, 2) ?? [])).toEqual(['CMD', 'node'])
  })

  test('keeps everything private out of the build', () => {
    const ignored = readFileSync(`${file}.dockerignore`, 'utf8').split('\n')
    expect(ignored).toEqual(expect.arrayContaining(['.git', '.socle', '**/.env', '**/*.key', '**/*.pem']))
  })

  test('brings a hub all it needs, and a tree that it cannot write', async () => {
    const root = join(work, 'root')
    buildRoot(root)
    // Nothing above: a module that is missing must not be found in the repository.
    expect(existsSync(join(work, 'node_modules'))).toBe(false)
    execFileSync('chmod', ['-R', 'a-w', root])
    const inImage = environmentOf(run)
    const as = stranger()
    const [port = 0] = await freePorts(1)
    const env = {
      ...inImage,
      PATH: process.env['PATH'],
      HUB_HOST: '127.0.0.1',
      HUB_PORT: String(port),
      HUB_DATA: join(work, 'data'),
      HUB_PACKS_DIR: join(root, 'packs'),
      HUB_LOG_LEVEL: 'error',
    }
    const command = run.Commands.flatMap(({ CmdLine = [] }) => CmdLine).filter((part) => part.includes('socle.mjs'))
    expect(command).toEqual(['/opt/socle/gateway/bin/socle.mjs'])
    const health = run.Commands.flatMap(({ Health }) => Health?.Test.slice(1) ?? [])
    const start = { root, port, options: { ...as, cwd: root, env } }
    await whileServing(start, (ready) => {
      expect(ready.packs.length).toBeGreaterThan(0)
      expect(spawnSync(health[0] ?? '', health.slice(1), { env }).status).toBe(0)
      expect(spawnSync(health[0] ?? '', health.slice(1), { env: { ...env, HUB_PORT: '1' } }).status).toBe(1)
    })
    // As the chart mounts them: keys are made once, replicas read them.
    execFileSync('chmod', ['-R', 'a-w', join(work, 'data/keys')])
    await whileServing(start, (ready) => expect(ready.status).toBe('ready'))
  }, 180_000)
})

interface Start {
  readonly root: string
  readonly port: number
  readonly options: SpawnOptions
}

/** Starts the hub of the image, looks at it, and ends it as an engine does: SIGTERM, an orderly end. */
async function whileServing({ root, port, options }: Start, look: (ready: Ready) => void): Promise<void> {
  const hub = spawn(process.execPath, [join(root, 'gateway/bin/socle.mjs'), 'serve'], options)
  const ended = once(hub, 'exit')
  try {
    look(await readyOf(port))
  } finally {
    hub.kill('SIGTERM')
  }
  expect(await ended).toEqual([0, null])
}

/** Root may write anywhere whatever the modes say: the hub then runs under the number of the image. */
function stranger(): { readonly uid?: number; readonly gid?: number } {
  mkdirSync(join(work, 'data'))
  if (process.getuid?.() !== 0) return {}
  chmodSync(work, 0o755)
  chownSync(join(work, 'data'), 10_001, 10_001)
  return { uid: 10_001, gid: 10_001 }
}

/** The files of the last stage, each from where its instruction says. */
function buildRoot(root: string): void {
  const packages = join(work, 'packages')
  const stage = image.stages.find(({ Name }) => Name === 'packages') as Stage
  copyAll(stage, packages, () => repository)
  const install = stage.Commands.flatMap(({ CmdLine = [] }) => CmdLine).find((line) => line.startsWith('npm ci'))
  execFileSync('sh', ['-c', install ?? 'false'], { cwd: packages, stdio: ['ignore', 'ignore', 'inherit'] })
  copyAll(run, root, (from) => (from === 'packages' ? packages : repository))
}

function copyAll(stage: Stage, root: string, folderOf: (from: string) => string): void {
  for (const { from, sources, to } of copiesOf(stage))
    for (const source of sources) {
      const path = source.replace(/^\/build\//, '')
      const intoFolder = to.endsWith('/') || sources.length > 1
      const target = join(root, to, intoFolder ? (path.split('/').at(-1) ?? '') : '')
      mkdirSync(join(target, '..'), { recursive: true })
      cpSync(join(folderOf(from), path), target, { recursive: true, verbatimSymlinks: true })
    }
}

interface Ready {
  readonly status: string
  readonly packs: readonly string[]
}

async function readyOf(port: number): Promise<Ready> {
  const end = Date.now() + 30_000
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => undefined)
    if (answer?.ok) return (await answer.json()) as Ready
    if (Date.now() > end) throw new Error('the hub of the image was not ready within 30 s')
    await sleep(100)
  }
}
