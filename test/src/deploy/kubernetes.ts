/** The parts of Kubernetes objects that the suite looks at; their whole shape is judged by the API's own types. */
export interface KubernetesObject {
  readonly kind: string
  readonly metadata: {
    readonly name: string
    readonly labels?: Readonly<Record<string, string>>
    readonly annotations?: Readonly<Record<string, string>>
  }
  readonly spec?: {
    readonly replicas?: number
    readonly template?: { readonly metadata: KubernetesObject['metadata']; readonly spec: PodSpec }
    readonly podSelector?: { readonly matchLabels: Readonly<Record<string, string>> }
    readonly ingress?: readonly { readonly from?: readonly unknown[] }[]
    readonly egress?: readonly {
      readonly ports: readonly { readonly port: number }[]
      readonly to?: readonly unknown[]
    }[]
    readonly groups?: readonly unknown[]
  }
}

export interface PodSpec {
  readonly automountServiceAccountToken?: boolean
  readonly securityContext?: { readonly runAsNonRoot?: boolean; readonly runAsUser?: number }
  readonly terminationGracePeriodSeconds?: number
  readonly containers: readonly Container[]
  readonly volumes: readonly {
    readonly name: string
    readonly projected?: { readonly sources: readonly KeySource[] }
  }[]
}

/** A secret of a projected volume: which of its keys stand where. */
interface KeySource {
  readonly secret: { readonly optional?: boolean; readonly items: readonly { readonly path: string }[] }
}

export interface Container {
  readonly image: string
  readonly args: readonly string[]
  readonly env: readonly EnvironmentEntry[]
  readonly securityContext?: {
    readonly readOnlyRootFilesystem?: boolean
    readonly allowPrivilegeEscalation?: boolean
    readonly capabilities?: { readonly drop?: readonly string[] }
  }
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[]
}

interface EnvironmentEntry {
  readonly name: string
  readonly value?: string
  readonly valueFrom?: { readonly secretKeyRef: { readonly name: string; readonly key: string } }
}

/** What the operator's secrets hold, by their key. */
const secrets: Readonly<Record<string, string>> = {
  url: 'postgres://socle_hub:a-password@postgres.example/socle',
  migrationUrl: 'postgres://socle_owner:a-password@postgres.example/socle',
  urls: 'https://socle:a-password@tsa.example/tsr',
  username: 'socle',
  password: 'a-password',
}

/** The environment of a container as the process sees it. */
export function environmentOf({ env }: Container): Readonly<Record<string, string>> {
  return Object.fromEntries(
    env.map(({ name, value, valueFrom }) => {
      const fromSecret =
        name === 'HUB_REDIS_URL' ? 'rediss://redis.example' : secrets[valueFrom?.secretKeyRef.key ?? '']
      return [name, value ?? fromSecret ?? '']
    }),
  )
}
