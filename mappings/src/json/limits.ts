export interface JsonLimits {
  /** Nested arrays and objects. */
  readonly depth: number
  /** Values of any kind, containers included. */
  readonly values: number
}
