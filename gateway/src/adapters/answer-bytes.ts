import type { IncomingMessage } from 'node:http'

/** The body of an answer whose sender is not trusted: not one byte beyond the limit is kept. @throws Error beyond it */
export async function readAnswerBytes(answer: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of answer as AsyncIterable<Buffer>) {
    bytes += piece.length
    if (bytes > maxBytes) throw new Error(`the answer is larger than ${maxBytes} bytes`)
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}
