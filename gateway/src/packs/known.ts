/** A pack the hub installs by itself: where Maven finds it, and the only bytes that are taken for it. */
export interface KnownPack {
  readonly name: 'eforms-sdk' | 'ubl'
  readonly version: string
  /** UBL leaves the types and signatures it imports to jars of their own. */
  readonly jars: readonly KnownJar[]
}

export interface KnownJar {
  /** `group:artifact:version`; always exact: the newest of a group may be an alpha. */
  readonly coordinates: string
  readonly sha256: string
}

const imports: readonly KnownJar[] = [
  {
    coordinates: 'com.helger.xsd:ph-xsds-ccts-cct-schemamodule:3.0.0',
    sha256: '6519104f78fb72df23eac1614b323494e59973d5fb714eb174cfec9490364e78',
  },
  {
    coordinates: 'com.helger.xsd:ph-xsds-xmldsig:3.0.0',
    sha256: '4fe85647d70a755cee35309be41f1515635569ab8c225a55b4d99e200ccc7524',
  },
]

/** Licences: eForms SDK, Publications Office of the EU, CC BY 4.0; UBL, OASIS. Neither is part of this project. */
export const knownPacks: readonly KnownPack[] = [
  {
    name: 'eforms-sdk',
    version: '1.13.3',
    jars: [
      {
        coordinates: 'eu.europa.ted.eforms:eforms-sdk:1.13.3',
        sha256: '3d895e76e2b1bc5234e90829d86928b1c1298919a333e64c0e8b5cf8c2f323fc',
      },
    ],
  },
  {
    name: 'eforms-sdk',
    version: '1.15.1',
    jars: [
      {
        coordinates: 'eu.europa.ted.eforms:eforms-sdk:1.15.1',
        sha256: 'd16f7bffd9b13c787caf9c2104425b3ec76949e0d85427c598dc379b02752c5c',
      },
    ],
  },
  {
    name: 'ubl',
    version: '2.2',
    jars: [
      {
        coordinates: 'com.helger.ubl:ph-ubl22:9.0.0',
        sha256: '725b8bedaeb363ee0184a2b1e767dfff71eb677f7fba6bd8cd63792245662a2e',
      },
      ...imports,
    ],
  },
  {
    name: 'ubl',
    version: '2.3',
    jars: [
      {
        coordinates: 'com.helger.ubl:ph-ubl23:9.0.0',
        sha256: 'c2df7e9828b4babd28bd4f5a6c80f99019bc1c5db1292419284fc4682f6715ee',
      },
      ...imports,
    ],
  },
]

export function folderNameOf({ name, version }: Pick<KnownPack, 'name' | 'version'>): string {
  return `${name}-${version}`
}
