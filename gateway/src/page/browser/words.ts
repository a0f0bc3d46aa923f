export type Language = 'fr' | 'en'

/** Every word of the page that no check says. */
export interface Words {
  readonly title: string
  readonly lead: string
  readonly promise: string
  readonly give: string
  readonly what: string
  readonly files: string
  readonly folder: string
  readonly dropHere: string
  readonly stop: string
  readonly again: string
  readonly languages: string
  readonly given: (count: number) => string
  readonly working: string
  readonly stopped: string
  readonly failed: string
  readonly noWorker: string
  readonly verdicts: Readonly<Record<'proved' | 'not-proved' | 'unusable' | 'nothing', readonly [string, string]>>
  readonly results: Readonly<Record<'proved' | 'failed' | 'not-checked', string>>
  readonly counts: (proved: number, failed: number, skipped: number) => string
  readonly kinds: Readonly<Record<'receipt' | 'container' | 'checkpoint' | 'export' | 'document', string>>
  readonly keys: string
  readonly keysHint: string
  readonly unused: string
  readonly command: string
  readonly more: (count: number) => string
  readonly never: string
  readonly neverRevocation: string
  readonly neverKeys: string
  readonly neverMeaning: string
}

const fr: Words = {
  title: 'Vérifier une preuve',
  lead: 'Reçu, conteneur de preuve, registre exporté ou point de contrôle d’un hub Socle : chaque vérification est refaite ici, dans votre navigateur, par le même code que la commande « socle verify ».',
  promise:
    'Rien n’est envoyé. Cette page ne peut joindre aucun réseau : elle fonctionne aussi enregistrée sur votre disque, hub arrêté et réseau coupé.',
  give: 'Vos fichiers',
  what: 'Donnez ce qui est à vérifier (reçu et document, conteneur .asice, dossier exporté, point de contrôle et son jeton .tsr) et les clés auxquelles vous vous fiez : log.vkey, seal-ca.pem, tsa-ca.pem (et keys.note, witnesses, si l’exploitant les publie).',
  files: 'Choisir des fichiers',
  folder: 'Choisir un dossier',
  dropHere: 'ou déposez-les sur cette page.',
  stop: 'Arrêter',
  again: 'Recommencer',
  languages: 'Langue',
  given: (count) => (count > 1 ? `${count} fichiers donnés` : '1 fichier donné'),
  working: 'Vérification en cours…',
  stopped: 'Vérification arrêtée. Rien n’est prouvé.',
  failed: 'La vérification n’a pas pu aller à son terme. Rien n’est prouvé : donnez de nouveau les fichiers.',
  noWorker:
    'Ce navigateur ne permet pas à cette page de travailler. Essayez-en un autre, ou la commande « socle verify ».',
  verdicts: {
    proved: ['Prouvé', 'Tout ce qui a été vérifié est exact.'],
    'not-proved': ['Non prouvé', 'Au moins une vérification a échoué : voyez les lignes « Échec ».'],
    unusable: ['Inutilisable', 'Une partie au moins n’a pas pu être vérifiée : voyez pourquoi ci-dessous.'],
    nothing: [
      'Rien à vérifier',
      'Aucun de ces fichiers n’est un reçu, un conteneur, un registre ou un point de contrôle.',
    ],
  },
  results: { proved: 'Prouvé', failed: 'Échec', 'not-checked': 'Non vérifié' },
  counts: (proved, failed, skipped) => `prouvé : ${proved} · échec : ${failed} · non vérifié : ${skipped}`,
  kinds: {
    receipt: 'Reçu',
    container: 'Conteneur de preuve',
    checkpoint: 'Point de contrôle',
    export: 'Dossier exporté',
    document: 'Document',
  },
  keys: 'Clés de confiance',
  keysHint: 'Tout repose sur elles. Comparez-les, caractère par caractère, à ce que publie l’exploitant du hub.',
  unused: 'Fichiers dont rien n’a été vérifié',
  command: 'La même vérification en ligne de commande :',
  more: (count) => `et ${count} autres`,
  never: 'Jamais vérifié ici',
  neverRevocation: 'La révocation des certificats : consultez les listes de leurs autorités.',
  neverKeys: 'Que les clés données sont bien celles de l’exploitant du hub.',
  neverMeaning: 'Ce que dit le document : seulement qu’il est, à l’octet près, celui qui a été reçu, et quand.',
}

const en: Words = {
  title: 'Verify a proof',
  lead: 'Receipt, evidence container, exported log or checkpoint of a Socle hub: each check is made again here, in your browser, by the same code as the command “socle verify”.',
  promise:
    'Nothing is uploaded. This page cannot reach any network: it also works saved on your disk, with the hub stopped and the network cut.',
  give: 'Your files',
  what: 'Give what is to be verified (receipt and document, .asice container, exported folder, checkpoint and its .tsr token) and the keys that you trust: log.vkey, seal-ca.pem, tsa-ca.pem (and keys.note, witnesses, where the operator publishes them).',
  files: 'Choose files',
  folder: 'Choose a folder',
  dropHere: 'or drop them on this page.',
  stop: 'Stop',
  again: 'Start again',
  languages: 'Language',
  given: (count) => (count > 1 ? `${count} files given` : '1 file given'),
  working: 'Verifying…',
  stopped: 'Verification stopped. Nothing is proved.',
  failed: 'The verification could not come to its end. Nothing is proved: give the files again.',
  noWorker: 'This browser does not let this page work. Try another one, or the command “socle verify”.',
  verdicts: {
    proved: ['Proved', 'Everything that was checked is right.'],
    'not-proved': ['Not proved', 'At least one check failed: see the lines “Failed”.'],
    unusable: ['Unusable', 'At least a part could not be verified: see why below.'],
    nothing: ['Nothing to verify', 'None of these files is a receipt, a container, a log or a checkpoint.'],
  },
  results: { proved: 'Proved', failed: 'Failed', 'not-checked': 'Not checked' },
  counts: (proved, failed, skipped) => `proved: ${proved} · failed: ${failed} · not checked: ${skipped}`,
  kinds: {
    receipt: 'Receipt',
    container: 'Evidence container',
    checkpoint: 'Checkpoint',
    export: 'Exported folder',
    document: 'Document',
  },
  keys: 'Trusted keys',
  keysHint:
    'Everything rests on them. Compare them, character by character, with what the operator of the hub publishes.',
  unused: 'Files of which nothing was verified',
  command: 'The same verification on the command line:',
  more: (count) => `and ${count} more`,
  never: 'Never checked here',
  neverRevocation: 'Revocation of certificates: look at the lists of their authorities.',
  neverKeys: 'That the keys given are those of the operator of the hub.',
  neverMeaning: 'What the document says: only that it is, byte for byte, the one that was received, and when.',
}

export const words: Readonly<Record<Language, Words>> = { fr, en }

/** French unless the browser speaks another language. */
export function languageOf(browser: string): Language {
  return browser === '' || /^fr\b/i.test(browser) ? 'fr' : 'en'
}
