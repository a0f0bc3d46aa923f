import { HubError } from '../errors.ts'

/** 1 to 128 visible characters: new for each document, the same at each retry. @throws HubError KEY_MISSING */
export function parseIdempotencyKey(header: string | string[] | undefined): string {
  if (typeof header !== 'string' || !/^[\x21-\x7e]{1,128}$/.test(header)) throw new HubError('KEY_MISSING')
  return header
}
