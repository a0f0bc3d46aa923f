/** The part of node:path that the verifier uses, with slashes: names on the page are those of its own small tree. */
export function join(...parts: readonly string[]): string {
  const kept: string[] = []
  const text = parts.filter((part) => part !== '').join('/')
  for (const name of text.split('/')) {
    if (name === '' || name === '.') continue
    if (name === '..') kept.pop()
    else kept.push(name)
  }
  return `${text.startsWith('/') ? '/' : ''}${kept.join('/')}` || '.'
}

export function basename(path: string): string {
  return path.split('/').findLast((name) => name !== '') ?? ''
}

export function dirname(path: string): string {
  const parts = path.replace(/\/+$/, '').split('/')
  const above = parts.slice(0, -1).join('/')
  return above === '' ? (path.startsWith('/') ? '/' : '.') : above
}
