import type { Seen } from './read-tree.ts'

/** Places of the tree as it is read, where touch points are inside companies, in the flat list of the canonical form. */
export function placesOf(seen: readonly Seen[]): (pointer: string) => string | undefined {
  const isKept = ({ value }: Seen) => value['ref'] !== undefined && value['name'] !== undefined
  const companies = seen.filter(({ table }) => table.name === 'organisation')
  const points = seen.filter(({ table }) => table.name === 'touchPoint').toSorted((a, b) => companyOf(a) - companyOf(b))
  const kept = [...companies, ...points].filter(isKept)
  const flat = new Map(kept.map(({ pointer }, index) => [pointer, `/organisations/${index}`]))
  const dropped = new Set([...companies, ...points].filter((each) => !isKept(each)).map(({ pointer }) => pointer))

  return (pointer) => {
    const inside = /^(\/organisations\/\d+(?:\/touchPoints\/\d+)?)(\/.*)$/.exec(pointer)
    if (inside === null) return pointer
    const [, object = '', field = ''] = inside
    if (dropped.has(object)) return undefined
    return (flat.get(object) ?? object) + idPlace(field)
  }
}

function companyOf({ pointer }: Seen): number {
  return Number(/^\/organisations\/(\d+)/.exec(pointer)?.[1] ?? 0)
}

/** Of several ids the first is the id, the others stand apart. */
function idPlace(field: string): string {
  const index = /^\/ids(?:\/(\d+))?$/.exec(field)
  if (index === null) return field
  const place = Number(index[1] ?? 0)
  return place === 0 ? '/id' : `/otherIds/${place - 1}`
}

/** True for places that only the tree has: a company without touch points shows none in the canonical form. */
export function isFlattened(pointer: string): boolean {
  return pointer.includes('/touchPoints/')
}
