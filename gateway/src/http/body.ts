import { schemas, type SchemaName } from '@socle/schemas'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { HubError } from '../errors.ts'

const ajv = new Ajv2020({ allErrors: true, strict: false, validateFormats: false, schemas: Object.values(schemas) })
const compiled = new Map<SchemaName, ValidateFunction>()

/** Largest JSON body of the management calls; documents have their own limit. */
const largestBytes = 65_536

/** A JSON body that obeys one of the contract's schemas. @throws HubError REQUEST_INVALID naming the places */
export function parseBody<T>(body: unknown, schema: SchemaName): T {
  if (!(body instanceof Uint8Array) || body.length > largestBytes)
    throw new HubError('REQUEST_INVALID', { value: 'JSON' })
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(body).toString('utf8'))
  } catch (error) {
    throw new HubError('REQUEST_INVALID', { value: 'JSON' }, error)
  }
  const validate = validatorOf(schema)
  if (!validate(value)) {
    const places = (validate.errors ?? []).map((error) => `${error.instancePath || '/'} ${error.message ?? ''}`)
    throw new HubError('REQUEST_INVALID', { value: places.join('; ') })
  }
  return value as T
}

function validatorOf(name: SchemaName): ValidateFunction {
  const known = compiled.get(name)
  if (known) return known
  const validate = ajv.getSchema(String(schemas[name]['$id']))
  if (!validate) throw new Error(`no schema ${name}`)
  compiled.set(name, validate)
  return validate
}
