const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** The first block of this label. @throws Error when there is none, or it is not base64 */
export function derOf(text: string, label: string): Buffer {
  const begin = `-----BEGIN ${label}-----`
  const from = text.indexOf(begin)
  const to = text.indexOf(`-----END ${label}-----`, from)
  if (from < 0 || to < 0) throw new Error(`no ${label} in the PEM text`)
  const body = text.slice(from + begin.length, to).replaceAll(/\s/g, '')
  if (body === '' || !base64.test(body)) throw new Error('the PEM text is not base64')
  return Buffer.from(body, 'base64')
}
