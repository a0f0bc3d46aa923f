/**
 * The AsyncAPI 3.0 document of the hub's topics, from the JSON Schemas and the examples of this workspace. It stands
 * alone: every schema it needs is a component of it. Examples are records of a real hub (test/src/interop/asyncapi.test.ts
 * makes and checks them).
 */

/** What a topic carries, and what travels with it. */
const subjects = [
  { subject: 'notice', canonical: 'v1/notice', what: 'Consultation notices' },
  { subject: 'dume-request', canonical: 'v1/dume-request', what: 'e-DUME requests of buyers' },
  {
    subject: 'dume-response',
    what: 'e-DUME responses, as a reference only: the content is fetched with the rights of who asks. Confidential (CCP art. L2132-1): the broker lets nobody read this topic whom no buyer mandated',
  },
  { subject: 'award', canonical: 'v1/award', what: 'Award data' },
  { subject: 'outcome', what: 'What recipients did with documents' },
]

/** On the topic of the document itself, behind it: whoever reads the one reads the other. */
const erasure =
  'With ce_type fr.tncp.document.erased.v1 and `erased` in the data: the document was erased at the hub, and whoever holds a copy erases it too. A document that was erased before it was published comes with `erased`, and without its content.'

/** Fixed when the topics are made (HUB_KAFKA_PARTITIONS, HUB_KAFKA_REPLICATION): the defaults. */
const topicShape = { partitions: 12, replicas: 3, bindingVersion: '0.5.0' }

/** @param examples by subject: `{ headers, payload }` as a hub sent them */
export function asyncApiOf(schemas, examples) {
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Socle: topics',
      version: '1.0.0',
      description:
        "Événements du hub d'interopérabilité entre profils d'acheteur / Events of the interoperability hub between buyer profiles. CloudEvents 1.0, binary mode. At least once; in order per consultation within a topic. A consumer drops what is not above the last hub-seq of the partition, and stops when hub-prev is not that last one: a record is missing.",
      license: { name: 'EUPL-1.2' },
    },
    defaultContentType: 'application/json',
    servers: servers(),
    channels: Object.fromEntries(subjects.map((one) => [nameOf(one), channel(one)])),
    operations: Object.fromEntries(subjects.map((one) => [`receive-${nameOf(one)}`, operation(one)])),
    components: {
      messages: Object.fromEntries(subjects.map((one) => [one.subject, message(one, examples)])),
      schemas: { ...Object.fromEntries(needed(schemas)), ...Object.fromEntries(subjects.map(payload)) },
      securitySchemes: {
        scramSha512: { type: 'scramSha512', description: 'SASL SCRAM-SHA-512: an account of the broker.' },
        scramSha256: { type: 'scramSha256', description: 'SASL SCRAM-SHA-256.' },
        plain: { type: 'plain', description: 'SASL PLAIN: over TLS only.' },
        certificate: { type: 'X509', description: "TLS with the client's certificate." },
      },
    },
  }
}

function servers() {
  const host = {
    host: '{host}:{port}',
    variables: {
      host: { default: 'kafka.invalid', description: 'A broker, as the operator tells it.' },
      port: { default: '9093' },
    },
    bindings: { kafka: { bindingVersion: '0.5.0' } },
  }
  const schemes = ['scramSha512', 'scramSha256', 'plain', 'certificate']
  return {
    secured: {
      ...host,
      protocol: 'kafka-secure',
      description: 'Over TLS, the only one in production.',
      security: schemes.map((name) => ({ $ref: `#/components/securitySchemes/${name}` })),
    },
    local: { ...host, protocol: 'kafka', description: 'Without TLS: a sandbox on one machine.' },
  }
}

/** Topics are named in the plural. */
function nameOf({ subject }) {
  return `${subject}s`
}

function channel({ subject, what }) {
  return {
    address: `tncp.{environment}.${subject}s.v1`,
    title: `${subject}s`,
    description: `${what}.`,
    parameters: {
      environment: {
        enum: ['sandbox', 'production'],
        description: 'Test data never meets production: the environment stands in the name of the topic.',
      },
    },
    messages: { [subject]: { $ref: `#/components/messages/${subject}` } },
    bindings: { kafka: topicShape },
  }
}

function operation({ subject, what }) {
  return {
    action: 'receive',
    channel: { $ref: `#/channels/${subject}s` },
    summary: `Receive: ${what.split(',')[0].toLowerCase()}`,
    messages: [{ $ref: `#/channels/${subject}s/messages/${subject}` }],
    bindings: {
      kafka: {
        groupId: { type: 'string', description: 'One of its own for each consumer.' },
        bindingVersion: '0.5.0',
      },
    },
  }
}

function message({ subject, what }, examples) {
  const example = examples[subject]
  if (example === undefined) throw new Error(`there is no example of ${subject}`)
  return {
    name: `fr.tncp.${subject}.recorded.v1`,
    title: what.split(',')[0],
    ...(subject === 'outcome' ? {} : { description: erasure }),
    contentType: 'application/json',
    headers: { $ref: '#/components/schemas/event-headers' },
    payload: { $ref: `#/components/schemas/${subject}-event` },
    bindings: {
      kafka: {
        key: { type: 'string', minLength: 1, maxLength: 200, description: 'Consultation id: the unit of order.' },
        bindingVersion: '0.5.0',
      },
    },
    examples: [{ name: subject, headers: example.headers, payload: example.payload }],
  }
}

/** What the data of one topic's events is, beyond what the data of any event is. */
function payload({ subject, canonical }) {
  const isOutcome = subject === 'outcome'
  const document = { type: 'object', properties: { kind: { const: subject } } }
  const properties = {
    ...(isOutcome ? {} : { document, outcome: false }),
    canonical: canonical === undefined ? false : { $ref: reference(canonical) },
  }
  const own = { type: 'object', properties, ...(isOutcome ? { required: ['outcome'] } : {}) }
  return [
    `${subject}-event`,
    { title: `Data of a ${subject} event`, allOf: [{ $ref: reference('v1/event-data') }, own] },
  ]
}

/** Headers, data and whatever these refer to, each a component; definitions of a file become components beside it. */
function needed(schemas) {
  const byName = new Map(schemas.map(({ key, schema }) => [componentName(key), schema]))
  const open = ['event-headers', 'event-data']
  const found = new Map()
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name)) continue
    const [file, definition] = name.split('.')
    const { $id: _id, $schema: _schema, $defs = {}, ...rest } = byName.get(file) ?? {}
    const schema = definition === undefined ? rest : $defs[definition]
    if (schema === undefined) throw new Error(`${name} refers to nothing`)
    found.set(name, rewritten(schema, file, open))
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1))
}

/** References between files, and to the definitions of a file, become references inside the document. */
function rewritten(value, file, open) {
  if (Array.isArray(value)) return value.map((item) => rewritten(item, file, open))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      if (key !== '$ref' || typeof inner !== 'string') return [key, rewritten(inner, file, open)]
      const [other, definition] = inner.split('#/$defs/')
      const name = other === '' ? file : componentName(other.replace('.schema.json', ''))
      const target = definition === undefined ? name : `${name}.${definition}`
      open.push(target)
      return ['$ref', `#/components/schemas/${target}`]
    }),
  )
}

function reference(key) {
  return `#/components/schemas/${componentName(key)}`
}

/** `v1/common/siret` -> `siret`. */
function componentName(key) {
  return key.slice(key.lastIndexOf('/') + 1)
}
