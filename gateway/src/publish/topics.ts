import type { Kind } from '@socle/schemas'
import type { Environment } from '../config.ts'

/** Environment in the name: test data cannot reach a production topic by a wrong setting on one side. */
export function topicOf(environment: Environment, subject: Kind | 'outcome'): string {
  return `tncp.${environment}.${subject}s.v1`
}

export const subjects: readonly (Kind | 'outcome')[] = ['notice', 'dume-request', 'dume-response', 'award', 'outcome']

export function topicsOf(environment: Environment): readonly string[] {
  return subjects.map((subject) => topicOf(environment, subject))
}
