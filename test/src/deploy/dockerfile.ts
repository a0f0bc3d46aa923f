/** A Dockerfile as BuildKit reads it. Each command is told by the fields it has. */
export interface Dockerfile {
  readonly stages: readonly Stage[]
  readonly arguments: readonly { readonly Args: readonly { readonly Key: string; readonly Value: string }[] }[]
}

export interface Stage {
  readonly Name: string
  readonly BaseName: string
  readonly Commands: readonly Command[]
}

interface Command {
  readonly User?: string
  readonly From?: string
  readonly SourcePaths?: readonly string[]
  readonly DestPath?: string
  readonly Env?: readonly { readonly Key: string; readonly Value: string }[]
  readonly CmdLine?: readonly string[]
  readonly Health?: { readonly Test: readonly string[] }
}

export interface Copy {
  readonly from: string
  readonly sources: readonly string[]
  readonly to: string
}

/** COPY instructions of a stage, in order. `from` is empty for the build context. */
export function copiesOf({ Commands }: Stage): readonly Copy[] {
  return Commands.flatMap(({ SourcePaths, DestPath, From = '' }) =>
    SourcePaths && DestPath !== undefined ? [{ from: From, sources: SourcePaths, to: DestPath }] : [],
  )
}

export function environmentOf({ Commands }: Stage): Readonly<Record<string, string>> {
  const entries = Commands.flatMap(({ Env = [] }) => Env.map(({ Key, Value }) => [Key, Value] as const))
  return Object.fromEntries(entries)
}
