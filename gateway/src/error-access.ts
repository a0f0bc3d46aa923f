import type { AccessCode } from './error-codes.ts'
import { type CatalogueEntry, entry } from './error-entry.ts'

/** The part of the catalogue that is about who speaks and what it may do. */
export const accessRefusals: Readonly<Record<AccessCode, CatalogueEntry>> = {
  TOKEN_MISSING: entry(
    401,
    ["Jeton d'accès absent", 'Access token missing'],
    [
      'Demandez un jeton à POST /oauth/token et envoyez-le dans Authorization: Bearer.',
      'Ask POST /oauth/token for a token and send it in Authorization: Bearer.',
    ],
  ),
  TOKEN_INVALID: entry(
    401,
    ["Jeton d'accès invalide ou expiré", 'Access token invalid or expired'],
    [
      'Demandez un nouveau jeton ; un jeton vaut pour un seul environnement.',
      'Ask for a new token; a token is good for one environment only.',
    ],
  ),
  CERTIFICATE_MISMATCH: entry(
    401,
    [
      'Ce jeton est lié à un certificat client qui n’est pas celui de la connexion',
      'This token goes with a client certificate that is not the one of the connection',
    ],
    [
      'Présentez le certificat avec lequel le jeton a été demandé, ou demandez un nouveau jeton avec le certificat actuel.',
      'Present the certificate the token was asked for with, or ask for a new token with the present certificate.',
    ],
  ),
  CERTIFICATE_REQUIRED: entry(
    401,
    ['Ce compte doit présenter son certificat client', 'This account must present its client certificate'],
    [
      'Ouvrez la connexion TLS avec le certificat client du compte, puis demandez le jeton.',
      'Open the TLS connection with the account’s client certificate, then ask for the token.',
    ],
  ),
  CLIENT_INVALID: entry(
    401,
    [
      'Compte technique inconnu ou désactivé, ou preuve d’identité erronée',
      'Technical account unknown or disabled, or wrong proof of identity',
    ],
    [
      'Vérifiez client_id et client_secret (montré une fois, à la création), ou l’assertion : clé enregistrée, aud, exp à 5 minutes au plus, jti jamais employé.',
      'Check client_id and client_secret (shown once, at creation), or the assertion: registered key, aud, exp within 5 minutes, jti never used.',
    ],
  ),
  CLIENT_KEY_INVALID: entry(
    400,
    ['Clé publique inutilisable', 'Public key not usable'],
    [
      'Donnez une JWK publique : EC P-256, Ed25519 ou RSA de 2048 bits au moins : {value}',
      'Give a public JWK: EC P-256, Ed25519, or RSA of at least 2048 bits: {value}',
    ],
  ),
  CLIENT_KEY_NOT_FOUND: entry(
    404,
    ['Ce compte n’a pas cette clé', 'This account has no such key'],
    ['Listez-les par « socle account key ID » : {value}', 'List them with “socle account key ID”: {value}'],
  ),
  GRANT_UNSUPPORTED: entry(
    400,
    ["Type d'autorisation non pris en charge", 'Grant type not supported'],
    ['Envoyez grant_type=client_credentials en formulaire.', 'Send grant_type=client_credentials as a form.'],
  ),
  SCOPE_MISSING: entry(
    403,
    ['Droit absent du jeton', 'The token lacks a scope'],
    [
      "Demandez à l'opérateur d'ajouter ce droit au compte technique : {value}",
      'Ask the operator to add this scope to the technical account: {value}',
    ],
  ),
  MANDATE_MISSING: entry(
    403,
    ['Aucun mandat en cours de cet acheteur pour ce compte', 'No current mandate of this buyer for this account'],
    [
      "L'acheteur {value} doit mandater le compte technique (mandat daté) avant tout dépôt.",
      'Buyer {value} must mandate the technical account (a dated mandate) before any deposit.',
    ],
  ),
  ACCOUNT_ID_INVALID: entry(
    400,
    ['Identifiant de compte invalide', 'Invalid account id'],
    [
      'Deux à 63 caractères : minuscules, chiffres, tirets : {value}',
      'Two to 63 characters: lower case, digits, hyphens: {value}',
    ],
  ),
  ACCOUNT_EXISTS: entry(
    409,
    ['Ce compte existe déjà', 'This account exists already'],
    ['Choisissez un autre identifiant : {value}', 'Choose another id: {value}'],
  ),
  ACCOUNT_NOT_FOUND: entry(
    404,
    ['Compte inconnu', 'Unknown account'],
    ["Créez-le d'abord : {value}", 'Create it first: {value}'],
  ),
  MANDATE_NOT_FOUND: entry(
    404,
    ['Aucun mandat en cours', 'No current mandate'],
    [
      'Ce compte n’a pas de mandat en cours de cet acheteur : {value}',
      'This account has no current mandate of that buyer: {value}',
    ],
  ),
}
