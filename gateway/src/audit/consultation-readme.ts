/** What an auditor finds first in the archive of a consultation. */
export const consultationReadme = `SOCLE : PREUVES D'UNE CONSULTATION / EVIDENCE OF A CONSULTATION
==============================================================

FRANÇAIS
Cette archive contient, sous documents/, un conteneur de preuve ASiC-E (.asice) par document de la consultation que le
demandeur a le droit de lire, dans l'ordre du registre. Chacun se vérifie seul : décompressez-le et suivez son
META-INF/socle/LISEZMOI-README.txt. index.json en donne la liste avec l'empreinte SHA-256 de chaque conteneur ; personne ne
signe cette liste, et elle ne prouve pas qu'il n'y avait pas d'autres documents.
Une archive sans index.json est incomplète : demandez-la de nouveau.

ENGLISH
This archive holds, under documents/, one ASiC-E evidence container (.asice) for each document of the consultation that
the asker may read, in the order of the log. Each is checked alone: unzip it and follow its
META-INF/socle/LISEZMOI-README.txt. index.json lists them with the SHA-256 of each container; nobody signs this list, and it
does not prove that there were no other documents.
An archive without index.json is incomplete: ask for it again.

Empreintes comparées à la liste : chaque ligne doit dire OK / Digests compared with the list: each line must say OK
-----8<-----
for FILE in documents/*.asice; do
  grep -qF "\\"sha256\\": \\"$(openssl dgst -sha256 -r "$FILE" | cut -d ' ' -f 1)\\"" index.json \\
    && echo "$FILE OK" || { echo "$FILE FAILED"; false; }
done
-----8<-----

Tous les conteneurs à la fois / All containers at once:
socle verify CONSULTATION.zip --trust DIRECTORY
`
