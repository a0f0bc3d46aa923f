/** Parts of packages that their own types do not reach. */
declare module 'buffer/index.js' {
  export const Buffer: typeof globalThis.Buffer
}

declare module 'node-forge/lib/asn1.js' {
  import type forge from 'node-forge'
  const asn1: typeof forge.asn1
  export default asn1
}
