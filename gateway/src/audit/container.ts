import { type ContainerParts, filesOf } from './container-layout.ts'
import { zipOf } from './zip-writer.ts'

/**
 * ASiC-E with CAdES (ETSI EN 319 162-1): `mimetype` first, stored, without extra field; at the root only what the
 * manifest names. Everything is stored and dated alike, so that two exports of the same parts are the same bytes
 * whatever the machine, its time zone and its compression library.
 * @throws ProofError when the document's name is not fit for a container
 */
export async function writeContainer(parts: ContainerParts): Promise<Buffer> {
  return await zipOf(filesOf(parts))
}
