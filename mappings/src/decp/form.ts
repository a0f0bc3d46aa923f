import type { Award, SchemaName } from '@socle/schemas'
import { compile, readFields, writeFields, type Json } from './fields/codec.ts'
import { concession as concession1, marche as marche1 } from './fields/version-1.ts'
import { type AwardFields, concession as concession2, marche as marche2 } from './fields/version-2.ts'
import type { DecpContract, DecpVersion } from './view.ts'

/** One shape of record: a kind of contract in a version. Its fields are read, written and explained by one table. */
export interface DecpForm {
  readonly contract: DecpContract
  readonly version: DecpVersion
  readonly schema: SchemaName
  readonly fields: AwardFields
  /** The award of a record that passed the structure. `version` is that of the file: XML has its own number. */
  read(record: Json, version: NonNullable<Award['version']>): Award
  /** The record of an award; fields without a place in the form are left out. */
  write(award: Award): Json
}

function form(contract: DecpContract, version: DecpVersion, fields: AwardFields): DecpForm {
  const compiled = compile(fields as Parameters<typeof compile>[0])
  return {
    contract,
    version,
    schema: `formats/decp-${version}-${contract}`,
    fields,
    read: (record, fileVersion) =>
      ({ kind: 'award', contract, version: fileVersion, ...readFields(compiled, record, record) }) as unknown as Award,
    write: (award) => writeFields(compiled, award as unknown as Json),
  }
}

const forms: Readonly<Record<DecpVersion, Readonly<Record<DecpContract, DecpForm>>>> = {
  '2.0.4': {
    marche: form('marche', '2.0.4', marche2),
    'contrat-concession': form('contrat-concession', '2.0.4', concession2),
  },
  '1.5.0': {
    marche: form('marche', '1.5.0', marche1),
    'contrat-concession': form('contrat-concession', '1.5.0', concession1),
  },
}

export function formOf(version: DecpVersion, contract: DecpContract): DecpForm {
  return forms[version][contract]
}
