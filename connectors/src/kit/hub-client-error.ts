import type { Problem, Verification } from '@socle/schemas'

/** Why a call failed, for programs. `ABORTED` is the caller's own signal. */
export type HubClientErrorCode = keyof typeof whatToDo

export interface HubClientErrorDetails {
  /** HTTP status of the last answer, when there was one. */
  readonly status?: number
  /** The hub's own words. */
  readonly problem?: Problem
  /** What was checked of a receipt that was not proved. */
  readonly verification?: Verification
  /** Free text for a log: never a secret, never a content. */
  readonly reason?: string
  /** What the hub asked to wait, when that was longer than this call could. */
  readonly retryAfterMs?: number
}

/** Failures that another try, later and with the same key, can cure. */
const curable: readonly string[] = ['UNREACHABLE', 'UNAVAILABLE']

/** The one error of the kit. `hint` says what to do next, in French and in English. */
export class HubClientError extends Error {
  override readonly name = 'HubClientError'
  readonly code: HubClientErrorCode
  readonly details: HubClientErrorDetails

  constructor(code: HubClientErrorCode, details: HubClientErrorDetails = {}, cause?: unknown) {
    const { problem, reason, status } = details
    const words = [problem?.title, problem?.hint, reason].filter((word) => word !== undefined).join(' — ')
    super(
      `${code}${status === undefined ? '' : ` (HTTP ${status})`}${words === '' ? '' : `: ${words}`}`,
      cause === undefined ? undefined : { cause },
    )
    this.code = code
    this.details = details
  }

  /** True when nothing is lost by trying again later: the same call may then succeed. */
  get curable(): boolean {
    return curable.includes(this.code)
  }

  get hint(): { readonly fr: string; readonly en: string } {
    return whatToDo[this.code]
  }
}

const whatToDo = {
  UNREACHABLE: {
    fr: "Le socle ne répond pas : vérifiez l'adresse et le réseau, puis renvoyez avec la même clé.",
    en: 'The hub does not answer: check address and network, then send again with the same key.',
  },
  UNAVAILABLE: {
    fr: 'Le socle ne peut pas répondre pour le moment : renvoyez plus tard avec la même clé.',
    en: 'The hub cannot answer at the moment: send again later with the same key.',
  },
  UNAUTHORIZED: {
    fr: "Le socle refuse ce compte : vérifiez l'identifiant et le secret du compte technique.",
    en: 'The hub refuses this account: check id and secret of the technical account.',
  },
  FORBIDDEN: {
    fr: "Il manque un droit ou un mandat à ce compte : demandez-le à l'opérateur ou à l'acheteur.",
    en: 'This account lacks a right or a mandate: ask the operator or the buyer for it.',
  },
  NOT_FOUND: {
    fr: "Rien de lisible sous cet identifiant : vérifiez l'identifiant et les droits du compte.",
    en: 'Nothing readable under this id: check the id and the rights of the account.',
  },
  KEY_REUSED: {
    fr: "Cette clé a déjà servi pour d'autres octets : donnez une nouvelle clé à ce document.",
    en: 'This key was used for other bytes: give this document a new key.',
  },
  REQUEST_REFUSED: {
    fr: 'Le socle refuse cette requête telle quelle : corrigez ce que dit le problème joint.',
    en: 'The hub refuses this request as it is: mend what the enclosed problem says.',
  },
  WRONG_ENVIRONMENT: {
    fr: "Ce socle sert un autre environnement que celui qui est réglé : rien n'a été envoyé, corrigez l'adresse.",
    en: 'This hub serves another environment than the one set: nothing was sent, mend the address.',
  },
  NOT_PROVED: {
    fr: "La preuve donnée par le socle ne se vérifie pas : gardez-la, ne la comptez pas comme un accusé, prévenez l'opérateur.",
    en: 'The proof given by the hub does not verify: keep it, do not count it as a receipt, tell the operator.',
  },
  RECEIPT_CONFLICT: {
    fr: "Deux accusés différents pour une même clé : les deux sont gardés, prévenez l'opérateur.",
    en: 'Two different receipts for one key: both are kept, tell the operator.',
  },
  CONTENT_MISMATCH: {
    fr: "Les octets reçus ne sont pas ceux qui étaient annoncés : ne les employez pas, prévenez l'opérateur.",
    en: 'The bytes received are not those announced: do not use them, tell the operator.',
  },
  ANSWER_INVALID: {
    fr: "La réponse n'est pas celle d'un socle : vérifiez l'adresse et les serveurs mandataires.",
    en: 'The answer is not one of a hub: check the address and the proxies.',
  },
  FUTURE_CURSOR: {
    fr: "Le curseur dépasse le journal (autre socle, ou journal restauré) : ne repartez pas de zéro, prévenez l'opérateur.",
    en: 'The cursor is beyond the log (another hub, or a restored log): do not start over, tell the operator.',
  },
  OUTDATED_CURSOR: {
    fr: "Le curseur vient d'un journal clos ou d'un autre environnement : vérifiez, puis repartez sans curseur.",
    en: 'The cursor comes from a closed log or another environment: check, then start without a cursor.',
  },
  FILE_UNREADABLE: {
    fr: 'Un fichier du connecteur est illisible : restaurez-le depuis une sauvegarde, ne le supprimez pas sans contrôle.',
    en: "One of the connector's files is unreadable: restore it from a backup, do not delete it unchecked.",
  },
  ABORTED: { fr: 'Arrêt demandé.', en: 'Stop requested.' },
} as const
