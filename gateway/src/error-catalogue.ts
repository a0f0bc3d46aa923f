import { accessRefusals } from './error-access.ts'
import type { ErrorCode } from './error-codes.ts'
import { type CatalogueEntry, entry } from './error-entry.ts'
import { sealRefusals } from './error-seal.ts'

/** Every refusal the hub can give outside the rules of a document. The code is part of the contract: never renamed. */
export const catalogue: Readonly<Record<ErrorCode, CatalogueEntry>> = {
  ...accessRefusals,
  ...sealRefusals,
  KEY_MISSING: entry(
    400,
    ['En-tête Idempotency-Key absent ou mal formé', 'Idempotency-Key header missing or malformed'],
    [
      'Envoyez une clé de 1 à 128 caractères visibles, nouvelle pour chaque document, la même à chaque nouvel essai.',
      'Send a key of 1 to 128 visible characters, new for each document, the same at each retry.',
    ],
  ),
  KEY_REUSED: entry(
    409,
    ["Clé d'idempotence déjà employée pour d'autres octets", 'Idempotency key already used for other bytes'],
    ['Envoyez une nouvelle clé pour un nouveau document.', 'Send a new key for a new document.'],
  ),
  DOCUMENT_REFUSED: entry(
    422,
    ['Document refusé', 'Document refused'],
    [
      'Corrigez chaque constat de gravité « reject », puis renvoyez le document avec une nouvelle clé.',
      'Mend every finding of severity "reject", then send the document again with a new key.',
    ],
  ),
  BODY_EMPTY: entry(
    400,
    ['Corps de requête vide', 'Empty request body'],
    ['Envoyez les octets du document comme corps de la requête.', "Send the document's bytes as the request body."],
  ),
  BODY_TOO_LARGE: entry(
    413,
    ['Document trop volumineux', 'Document too large'],
    [
      'La limite est de {value} octets ici (documents : HUB_MAX_BODY_BYTES).',
      'The limit is {value} bytes here (documents: HUB_MAX_BODY_BYTES).',
    ],
  ),
  HEADER_INVALID: entry(
    400,
    ['En-tête invalide', 'Invalid header'],
    ["Vérifiez la forme de l'en-tête : {value}", 'Check the form of the header: {value}'],
  ),
  REQUEST_INVALID: entry(
    400,
    ['Requête invalide', 'Invalid request'],
    ['Vérifiez ce champ : {value}', 'Check this field: {value}'],
  ),
  DOCUMENT_NOT_FOUND: entry(
    404,
    ['Document introuvable', 'Document not found'],
    [
      "L'identifiant est inconnu, ou ce compte n'a pas le droit de lire ce document.",
      'The id is unknown, or this account may not read the document.',
    ],
  ),
  DOCUMENT_ERASED: entry(
    410,
    ['Document effacé', 'Document erased'],
    [
      'Effacé le {value} : le socle n’en garde que la preuve, sa place au registre. GET /v1/documents/{id}/evidence la donne pour un document accepté ; d’un refus, le registre exporté seul la montre. Un reçu que vous détenez reste vérifiable.',
      'Erased on {value}: the hub keeps the proof alone, its place in the log. GET /v1/documents/{id}/evidence gives it for a document that was accepted; of a refusal the exported log alone shows it. A receipt that you hold stays verifiable.',
    ],
  ),
  CANONICAL_NOT_FOUND: entry(
    404,
    ['Forme canonique indisponible', 'No canonical form'],
    [
      'Les règles actuelles ne lisent plus ce document : prenez ses octets à GET /v1/documents/{id}/content.',
      'The rules of today no longer read this document: take its bytes at GET /v1/documents/{id}/content.',
    ],
  ),
  CONSULTATION_NOT_FOUND: entry(
    404,
    ['Consultation introuvable', 'Consultation not found'],
    [
      'Aucun document lisible par ce compte ne porte cet identifiant.',
      'No document readable by this account carries that id.',
    ],
  ),
  CONSULTATION_TOO_LARGE: entry(
    422,
    ['Consultation trop grande pour une archive', 'Consultation too large for one archive'],
    [
      'Une archive contient {value} documents au plus : demandez la preuve de chacun (GET /v1/documents/{id}/evidence).',
      'An archive holds {value} documents at most: ask for the evidence of each (GET /v1/documents/{id}/evidence).',
    ],
  ),
  RULE_NOT_FOUND: entry(
    404,
    ['Règle inconnue', 'Unknown rule'],
    [
      'Prenez l’identifiant tel qu’il figure dans un constat ; les règles du socle sont listées sous /v1/rules.',
      'Take the id as it stands in a finding; the rules of the hub are listed under /v1/rules.',
    ],
  ),
  SUBSCRIPTION_NOT_FOUND: entry(
    404,
    ['Abonnement introuvable', 'Subscription not found'],
    ['Listez vos abonnements par GET /v1/subscriptions.', 'List yours with GET /v1/subscriptions.'],
  ),
  ROUTE_NOT_FOUND: entry(
    404,
    ['Adresse inconnue', 'Unknown address'],
    ['Les adresses sont décrites dans /openapi.json.', 'Addresses are described in /openapi.json.'],
  ),
  CURSOR_INVALID: entry(
    400,
    ['Curseur illisible', 'Unreadable cursor'],
    [
      'Renvoyez tel quel le champ next de la réponse précédente, ou aucun curseur pour partir du début.',
      'Send back the next field of the previous answer unchanged, or no cursor to start from the beginning.',
    ],
  ),
  CURSOR_FUTURE: entry(
    409,
    ['Curseur au-delà du journal (FutureCursor)', 'Cursor beyond the log (FutureCursor)'],
    [
      "Ce curseur vient d'un autre environnement ou d'un journal restauré : prévenez l'opérateur et ne repartez pas de zéro sans contrôle.",
      'This cursor comes from another environment or from a restored log: tell the operator, and do not start over unchecked.',
    ],
  ),
  CURSOR_OUTDATED: entry(
    410,
    ['Curseur d’un journal clos (OutdatedCursor)', 'Cursor of a closed log (OutdatedCursor)'],
    ['Repartez sans curseur.', 'Start again without a cursor.'],
  ),
  WEBHOOK_URL_REFUSED: entry(
    422,
    ['Adresse de webhook refusée', 'Webhook address refused'],
    [
      'Donnez une adresse https publique, sans identifiants : {value}',
      'Give a public https address without credentials: {value}',
    ],
  ),
  WEBHOOK_CHALLENGE_FAILED: entry(
    422,
    ["L'adresse n'a pas répondu au défi", 'The address did not answer the challenge'],
    [
      'Répondez 200 avec {"challenge": "…"} reçu dans le corps, puis recommencez : {value}',
      'Answer 200 with the {"challenge": "…"} received in the body, then try again: {value}',
    ],
  ),
  RATE_LIMITED: entry(
    429,
    ['Trop de dépôts de ce compte', 'Too many deposits of this account'],
    [
      'Rien n’a été enregistré : renvoyez la même requête avec la même clé après le délai indiqué. La limite est de {value} dépôts par seconde et par compte ; un fichier DECP entier passe en flux par POST /v1/awards/bulk.',
      'Nothing was recorded: send the same request with the same key after the delay given. The limit is {value} deposits a second and account; a whole DECP file goes as a stream to POST /v1/awards/bulk.',
    ],
  ),
  FORMAT_UNJUDGEABLE: entry(
    503,
    ['Règles du format non installées', 'Rules of the format not installed'],
    [
      'Rien n’a été enregistré : les règles officielles de {value} manquent à ce socle. Renvoyez la même requête avec la même clé quand l’exploitant aura lancé « socle packs install » et redémarré.',
      'Nothing was recorded: this hub lacks the official rules of {value}. Send the same request with the same key once the operator has run “socle packs install” and restarted.',
    ],
  ),
  OVERLOADED: entry(
    503,
    ['File d’attente pleine', 'Queue full'],
    [
      "Rien n'a été enregistré : renvoyez la même requête avec la même clé après le délai indiqué.",
      'Nothing was recorded: send the same request with the same key after the delay given.',
    ],
  ),
  STORE_UNAVAILABLE: entry(
    503,
    ['Enregistrement impossible pour le moment', 'Recording is not possible at the moment'],
    [
      'Aucun accusé n’a été émis : renvoyez la même requête avec la même clé, elle ne sera jamais enregistrée deux fois.',
      'No receipt was given: send the same request with the same key, it will never be recorded twice.',
    ],
  ),
  TIME_UNAVAILABLE: entry(
    503,
    ['Aucun horodatage extérieur depuis trop longtemps', 'No outside time stamp for too long'],
    [
      "Rien n'a été enregistré, car aucune horloge extérieure ne pourrait dire quand : renvoyez la même requête avec la même clé après le délai indiqué. L'exploitant est alerté.",
      'Nothing was recorded, for no outside clock could say when: send the same request with the same key after the delay given. The operator has been alerted.',
    ],
  ),
  CONTENT_DAMAGED: entry(
    500,
    ['Les octets conservés ne sont plus ceux reçus', 'The stored bytes are no longer those received'],
    [
      "Le document {value} a été altéré dans l'entrepôt ; il n'est pas servi. L'exploitant est alerté ; l'expéditeur et les destinataires ont l'original et son reçu.",
      'Document {value} was altered in the store; it is not served. The operator has been alerted; its sender and recipients hold the original and its receipt.',
    ],
  ),
  CLOCK_ASTRAY: entry(
    503,
    ["L'horloge de cette réplique est fausse", 'The clock of this replica is wrong'],
    [
      "Rien n'a été enregistré : renvoyez la même requête avec la même clé, une autre réplique répondra. L'exploitant est alerté.",
      'Nothing was recorded: send the same request with the same key, another replica will answer. The operator has been alerted.',
    ],
  ),
  LEDGER_BEHIND: entry(
    503,
    ['Registre restauré trop ancien : lecture seule', 'Restored ledger too old: read only'],
    [
      "Rien n'a été enregistré : les entrées {value} ont été délivrées et manquent au registre. L'exploitant doit restaurer une copie qui les contient, ou accepter la perte par « socle recover » ; renvoyez alors la même requête avec la même clé. Gardez vos accusés.",
      'Nothing was recorded: entries {value} were given out and are not in the ledger. The operator must restore a copy that has them, or accept the loss with "socle recover"; then send the same request with the same key. Keep your receipts.',
    ],
  ),
  LEDGER_DAMAGED: entry(
    503,
    ['Le registre ne rend pas ce qui y est écrit', 'The ledger does not give back what is written in it'],
    [
      'Rien n’est enregistré ni signé tant que l’opérateur n’a pas regardé. Renvoyez plus tard les mêmes octets avec la même clé ; les lectures continuent.',
      'Nothing is recorded or signed until the operator has looked. Send the same bytes with the same key later; reading goes on.',
    ],
  ),
  SHARD_ENDED: entry(
    503,
    ['Ce réplica est resté sur le journal précédent', 'This replica has stayed with the log before'],
    [
      'Le journal a été passé au suivant et l’opérateur redémarre les réplicas. Renvoyez les mêmes octets avec la même clé : rien n’a été enregistré, les lectures continuent.',
      'The log was handed over to the next one and the operator is restarting the replicas. Send the same bytes with the same key: nothing was recorded, reading goes on.',
    ],
  ),
  STOPPING: entry(
    503,
    ["Le service s'arrête", 'The service is stopping'],
    ['Renvoyez la même requête avec la même clé.', 'Send the same request with the same key.'],
  ),
  INTERNAL: entry(
    500,
    ['Erreur interne', 'Internal error'],
    [
      "Renvoyez la même requête avec la même clé ; si l'erreur persiste, donnez l'identifiant de requête à l'opérateur.",
      'Send the same request with the same key; if it lasts, give the request id to the operator.',
    ],
  ),
}
