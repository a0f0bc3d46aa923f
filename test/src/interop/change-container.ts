import { crc32 } from 'node:zlib'

/** Where a file of a stored zip lies. */
interface Member {
  readonly name: string
  readonly central: number
  readonly local: number
  readonly start: number
  readonly size: number
}

/** From the central directory; no zip64, as containers of a document are written. */
function membersOf(zip: Buffer): readonly Member[] {
  const end = zip.lastIndexOf(Buffer.from('PK\u0005\u0006', 'latin1'))
  const members: Member[] = []
  let central = zip.readUInt32LE(end + 16)
  for (let count = zip.readUInt16LE(end + 10); count > 0; count--) {
    const [nameLength, extra, comment] = [28, 30, 32].map((at) => zip.readUInt16LE(central + at))
    const local = zip.readUInt32LE(central + 42)
    const name = zip.toString('utf8', central + 46, central + 46 + (nameLength ?? 0))
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28)
    if (zip.readUInt16LE(central + 10) !== 0) throw new Error(`${name} is not stored`)
    members.push({ name, central, local, start, size: zip.readUInt32LE(central + 24) })
    central += 46 + (nameLength ?? 0) + (extra ?? 0) + (comment ?? 0)
  }
  return members
}

/**
 * The container with one byte of one of its files changed and its check sums made right again: a judge must find it by
 * what is proved, not by how zip counts. @param place from the start of the file, or from its end when negative
 */
export function withChangedByte(container: Uint8Array, name: string, place: number): Buffer {
  const zip = Buffer.from(container)
  const member = membersOf(zip).find((one) => one.name === name)
  if (!member) throw new Error(`no ${name} in the container`)
  const data = zip.subarray(member.start, member.start + member.size)
  const at = place < 0 ? data.length + place : place
  data[at] = (data[at] ?? 0) ^ 0x01
  zip.writeUInt32LE(crc32(data), member.central + 16)
  const hasDescriptor = (zip.readUInt16LE(member.local + 6) & 8) !== 0
  zip.writeUInt32LE(crc32(data), hasDescriptor ? member.start + member.size + 4 : member.local + 14)
  return zip
}

/** Names in the order of the container. */
export function namesIn(container: Uint8Array): readonly string[] {
  return membersOf(Buffer.from(container)).map(({ name }) => name)
}

/** Bytes of a file. */
export function fileIn(container: Uint8Array, name: string): Buffer {
  const zip = Buffer.from(container)
  const member = membersOf(zip).find((one) => one.name === name)
  if (!member) throw new Error(`no ${name} in the container`)
  return zip.subarray(member.start, member.start + member.size)
}
