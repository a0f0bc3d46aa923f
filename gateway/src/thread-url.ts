/**
 * Threads run compiled code: Node 20 cannot start TypeScript in a worker, so from `src` the file beside it in `dist` is taken.
 * Threads are given no flags of the process: one that asks for sources (`--conditions source`) would lead them back to TypeScript.
 */
export function threadUrl(from: string, name: string): URL {
  return new URL(`${name}.js`, from.replace(/\/src\//, '/dist/'))
}
