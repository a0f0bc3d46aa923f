/** What an auditor finds in the container: how to check it with OpenSSL only, in French and in English. */
export const containerReadme = `SOCLE : CONTENEUR DE PREUVE / EVIDENCE CONTAINER
================================================

FRANÇAIS
Ce fichier est un conteneur ASiC-E avec CAdES (ETSI EN 319 162-1). Il contient le document tel qu'il a été reçu (sauf en
cas de refus), l'enveloppe qui le décrit (envelope.json), le cachet, et la preuve d'inscription au registre.
Il vous faut trois fichiers publiés par l'exploitant, obtenus par une autre voie que ce conteneur :
seal-ca.pem (autorité du cachet), log.vkey (clé du registre), tsa-ca.pem (autorité d'horodatage).
Décompressez le conteneur, placez-vous dans le dossier obtenu, puis exécutez les commandes ci-dessous.

ENGLISH
This file is an ASiC-E container with CAdES (ETSI EN 319 162-1). It holds the document as it was received (unless it was
refused), the envelope that describes it (envelope.json), the seal, and the proof that it is in the log.
You need three files published by the operator, obtained otherwise than from this container:
seal-ca.pem (authority of the seal), log.vkey (key of the log), tsa-ca.pem (timestamp authority).
Unzip the container, go to the resulting directory, then run the commands below.

1. Le cachet signe le manifeste / The seal signs the manifest
   openssl cms -verify -cades -binary -inform DER -in META-INF/signature.p7s -content META-INF/ASiCManifest.xml \\
     -CAfile seal-ca.pem -no-CApath -no-CAstore -out /dev/null

2. Le manifeste nomme ces fichiers : comparez avec chaque DigestValue / The manifest names these files: compare with each DigestValue
   openssl dgst -sha256 -binary envelope.json | openssl base64
   openssl dgst -sha256 -binary document.xml | openssl base64        (ou le nom réel / or its actual name)

3. L'inscription au registre nomme le cachet : comparez avec "seal" / The log entry names the seal: compare with "seal"
   openssl dgst -sha256 -binary META-INF/signature.p7s | openssl base64
   cat META-INF/socle/leaf.json

4. L'inscription engage l'enveloppe : comparez avec "commitment" / The log entry commits to the envelope: compare with "commitment"
   SALT est la valeur "salt" de META-INF/socle/receipt.json / SALT is the value of "salt" there
   (printf '%s\\n' SALT | openssl base64 -d; cat envelope.json) | openssl dgst -sha256 -binary | openssl base64

5. Date externe du point de contrôle (si checkpoint.tsr est présent) / Outside time of the checkpoint (if checkpoint.tsr is there)
   sed '1,/^$/d' META-INF/socle/proof.tlog-proof > checkpoint
   openssl ts -verify -data checkpoint -in META-INF/socle/checkpoint.tsr -CAfile tsa-ca.pem

6. Place dans le registre et signature du point de contrôle : tout vérificateur C2SP tlog-proof, ou
   Place in the log and signature of the checkpoint: any C2SP tlog-proof verifier, or
   socle verify CONTAINER.asice --trust DIRECTORY
`
