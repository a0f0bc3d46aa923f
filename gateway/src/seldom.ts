/** What may fail a thousand times a second is told once in so many milliseconds: the first time, and while it lasts. */
export function seldom<T>(ms: number, tell: (value: T) => void): (value: T) => void {
  let toldAt = Number.NEGATIVE_INFINITY
  return (value) => {
    const now = performance.now()
    if (now - toldAt < ms) return
    toldAt = now
    tell(value)
  }
}
