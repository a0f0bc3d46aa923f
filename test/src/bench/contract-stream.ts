import { aContract, type Json } from '../decp/base.ts'

const blockRecords = 2_000
const pieceBytes = 65_536
const mark = 'Z0000000000'

/** Contracts as they come: a quarter has a modification, one in fifty subcontracts; objects of all lengths. */
function blockOf(count: number): Buffer {
  const records = Array.from({ length: count }, (_, n) => {
    const record: Json = { ...aContract(), id: mark, objet: aSubject(n), montant: 40_000.5 + n }
    if (n % 4 !== 0) delete record['modifications']
    if (n % 50 !== 0) {
      delete record['actesSousTraitance']
      delete record['modificationsActesSousTraitance']
      record['sousTraitanceDeclaree'] = false
    }
    if (n % 10 !== 0) delete record['idAccordCadre']
    return JSON.stringify(record)
  })
  return Buffer.from(`${records.join(',\n')},\n`)
}

function aSubject(n: number): string {
  const words = 'Réfection de la toiture, des façades et des menuiseries extérieures du gymnase municipal, lot n° '
  return `${words.repeat(1 + (n % 5))}${n}`.slice(0, 900)
}

/** A DECP file of so many bytes: the same block again and again under new numbers; nothing of it is kept. */
export function* contractStream(bytes: number): Generator<Buffer> {
  const block = blockOf(blockRecords)
  const places: number[] = []
  for (let at = block.indexOf(mark); at !== -1; at = block.indexOf(mark, at + 1)) places.push(at)
  yield Buffer.from('{"marches":{"marche":[')
  let number = 0
  for (let sent = 0; sent < bytes; sent += block.length) {
    for (const at of places) block.write(String(++number).padStart(mark.length, '0'), at, 'latin1')
    // A reader may keep a piece it was given, so each is a copy, as those of a file are.
    for (let at = 0; at < block.length; at += pieceBytes) yield Buffer.from(block.subarray(at, at + pieceBytes))
  }
  yield Buffer.from(`${JSON.stringify({ ...aContract(), id: 'last' })}]}}`)
}
