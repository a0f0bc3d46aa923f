/** One meaning a code, the same for every command: done or proved or accepted; the answer is no; the input cannot be used. */
export const exitCodes: { readonly done: 0; readonly failed: 1; readonly unusable: 2 } = {
  done: 0,
  failed: 1,
  unusable: 2,
}

/** The input or the settings cannot be used: exit 2. The message says why and what to do. */
export class Unusable extends Error {
  override readonly name = 'Unusable'
}
