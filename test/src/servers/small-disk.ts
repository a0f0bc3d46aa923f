import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A disk of its own, in memory, that can be filled. */
export interface SmallDisk extends Disposable {
  /** A folder on it that need not exist yet: what is there may delete it. */
  readonly folder: string
  /** Writes until so many bytes are left. */
  fill(left: number): void
  /** What filled it is gone. */
  free(): void
}

/** Mounts it: needs the right to (root). @throws when that fails; a disk that cannot be full proves nothing */
export function mountSmallDisk(megabytes: number): SmallDisk {
  const point = mkdtempSync(join(tmpdir(), 'socle-disk-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0755`, 'tmpfs', point])
  const ballast = join(point, 'ballast')
  const unmount = (): void => {
    if (!existsSync(point)) return
    // Lazily: whoever was killed a moment ago may hold a file for a moment more.
    execFileSync('umount', ['--lazy', point])
    rmSync(point, { recursive: true, force: true })
  }
  process.once('exit', unmount)
  return {
    folder: join(point, 'data'),
    fill(left) {
      const { bavail, bsize } = statfsSync(point)
      writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - left), 1))
    },
    free: () => rmSync(ballast, { force: true }),
    [Symbol.dispose]() {
      process.off('exit', unmount)
      unmount()
    },
  }
}
