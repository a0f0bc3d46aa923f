/** The verifier walks DER with node-forge, and uses nothing else of it: the page carries that part alone. */
import asn1 from 'node-forge/lib/asn1.js'

const forge: { readonly asn1: typeof asn1 } = { asn1 }

// eslint-disable-next-line import/no-default-export -- as the package itself, which is imported by its default
export default forge
