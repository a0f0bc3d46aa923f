/** A Compose file as its own loader gives it, the parts that the suite looks at. */
export interface ComposeProject {
  readonly services: Readonly<Record<string, ComposeService>>
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>
  readonly configs: Readonly<Record<string, { readonly file: string }>>
}

export interface ComposeService {
  readonly image: string
  readonly command: readonly string[] | null
  readonly environment?: Readonly<Record<string, string | null>>
  readonly read_only?: boolean
  readonly cap_drop?: readonly string[]
  readonly security_opt?: readonly string[]
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean }
  readonly networks: Readonly<Record<string, unknown>>
  readonly ports?: readonly { readonly host_ip?: string; readonly published?: string }[]
  readonly deploy?: { readonly resources: { readonly limits?: { readonly memory?: string } } }
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
}
