/** Keys are missing, do not fit together or must not be used; says every problem and what to provide. */
export class KeyStoreError extends Error {
  override readonly name: string = 'KeyStoreError'
}
