import type { CheckResult, Message } from '@socle/schemas'

/** One thing that was checked, and where. */
export interface ReportCheck {
  /** File, tile or entry, relative to the path that was verified. */
  readonly place: string
  readonly result: CheckResult
  readonly message: Message
  /** Technical reason of a failure, for support. */
  readonly detail?: string
}

export type Verdict = 'proved' | 'not-proved' | 'unusable'

export interface Report {
  readonly verdict: Verdict
  readonly checks: readonly ReportCheck[]
  /** The report for a person, one line a check. */
  text(language: 'fr' | 'en'): string
}

/** Gathers checks while a verification goes on. */
export interface ReportBuilder {
  proved(place: string, message: Message): void
  failed(place: string, message: Message, detail?: string): void
  skipped(place: string, message: Message): void
  /** Nothing could be verified at all. */
  unusable(place: string, message: Message, detail?: string): void
  finish(): Report
}

/** Failures listed in full; a wholly damaged log of a million entries must not fill the memory with its faults. */
const maxFailures = 1000

export function createReport(): ReportBuilder {
  const checks: ReportCheck[] = []
  let failures = 0
  let unusable = false
  return {
    proved: (place, message) => void checks.push({ place, result: 'proved', message }),
    skipped: (place, message) => void checks.push({ place, result: 'not-checked', message }),
    failed(place, message, detail) {
      failures += 1
      if (failures > maxFailures) return
      checks.push({ place, result: 'failed', message, ...(detail === undefined ? {} : { detail }) })
    },
    unusable(place, message, detail) {
      unusable = true
      checks.push({ place, result: 'not-checked', message, ...(detail === undefined ? {} : { detail }) })
    },
    finish() {
      const proved = failures === 0 && checks.some(({ result }) => result === 'proved')
      const verdict: Verdict = unusable ? 'unusable' : proved ? 'proved' : 'not-proved'
      return { verdict, checks, text: (language) => textOf(verdict, checks, failures, language) }
    },
  }
}

const words = {
  fr: {
    proved: 'PROUVÉ',
    failed: 'ÉCHEC',
    'not-checked': 'NON VÉRIFIÉ',
    verdict: {
      proved: 'PROUVÉ : tout ce qui a été vérifié est exact.',
      'not-proved': 'NON PROUVÉ : voyez les lignes ÉCHEC ci-dessus.',
      unusable: 'INUTILISABLE : rien n’a pu être vérifié.',
    },
    more: 'autres échecs non listés',
    revocation: 'Jamais vérifié hors ligne : la révocation des certificats. Consultez les listes de leurs autorités.',
  },
  en: {
    proved: 'PROVED',
    failed: 'FAILED',
    'not-checked': 'NOT CHECKED',
    verdict: {
      proved: 'PROVED: everything that was checked is right.',
      'not-proved': 'NOT PROVED: see the FAILED lines above.',
      unusable: 'UNUSABLE: nothing could be checked.',
    },
    more: 'more failures not listed',
    revocation: 'Never checked offline: certificate revocation. Look at the lists of their authorities.',
  },
} as const

function textOf(verdict: Verdict, checks: readonly ReportCheck[], failures: number, language: 'fr' | 'en'): string {
  const word = words[language]
  const width = Math.max(...[word.proved, word.failed, word['not-checked']].map((text) => text.length))
  const lines = checks.map(({ place, result, message, detail }) => {
    const reason = detail === undefined ? '' : ` [${detail}]`
    return shown(`${word[result].padEnd(width)}  ${place}: ${message[language]}${reason}`)
  })
  if (failures > maxFailures) lines.push(`${failures - maxFailures} ${word.more}`)
  return `${[...lines, word.revocation, word.verdict[verdict]].join('\n')}\n`
}

/** Characters of a line of the report. */
const maxShown = 2000

/** Names and reasons come from what is verified: they must neither command the terminal nor turn the line round. */
function shown(line: string): string {
  const visible = line.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, (unseen) => {
    return `\\u{${(unseen.codePointAt(0) ?? 0).toString(16)}}`
  })
  return visible.length > maxShown ? `${visible.slice(0, maxShown)}…` : visible
}
