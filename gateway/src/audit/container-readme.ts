/** Between two such lines: commands, to be copied as they stand. */
const cut = '-----8<-----'

/**
 * Everything in the tree of the log, without a library of ours: places of the entries, openings of their commitments. What
 * needs a signature is laid out for OpenSSL, whose turn is next.
 */
const treeScript: string = String.raw`import base64, glob, hashlib, json, os, shutil, sys
sha = lambda *parts: hashlib.sha256(b"".join(parts)).digest()
shutil.rmtree("check", ignore_errors=True)
os.makedirs("check")
keys = [line.strip().split("+", 2) for line in open("log.vkey", encoding="utf-8") if line.strip()]
bad = []

def check(name, holds):
    print(name, "OK" if holds else "FAILED")
    bad.extend([] if holds else [name])

def b64(text):
    data = base64.b64decode(text)
    if base64.b64encode(data).decode() != text:
        sys.exit("base64 that is not canonical: FAILED")
    return data

def read(path):
    return open(path, encoding="utf-8", newline="").read()

def write(name, data):
    open("check/" + name, "wb").write(data)

def place(name, leaf, proof, token):
    head, note = proof.split("\n\n", 1)
    lines = head.split("\n")
    index, path = int(lines[1].split(" ")[1]), [b64(line) for line in lines[2:]]
    exact = lines[:2] == ["c2sp.org/tlog-proof@v1", "index %d" % index]
    text, signatures = note.split("\n\n", 1)
    origin, size, root = text.split("\n")[:3]
    node, last, found = index, int(size) - 1, sha(b"\0", leaf.encode())
    for sibling in path:
        if node % 2 == 1 or node == last:
            found = sha(b"\1", sibling, found)
            while node % 2 == 0 and node != 0:
                node, last = node // 2, last // 2
        else:
            found = sha(b"\1", found, sibling)
        node, last = node // 2, last // 2
    check(name + " inclusion", exact and last == 0 and found == b64(root))
    for line in signatures.strip().split("\n"):
        signer, value = line.split(" ")[1:3]
        for key_name, key_id, key in keys:
            if signer == key_name == origin and b64(value)[:4].hex() == key_id:
                write(name + ".txt", (text + "\n").encode())
                write(name + ".sig", b64(value)[4:])
                write(name + ".der", bytes.fromhex("302a300506032b6570032100") + b64(key)[1:])
    check(name + " signed by the log", os.path.exists("check/" + name + ".sig"))
    if token:
        write(name + ".note", note.encode())
        write(name + ".tsr", token)

def opens(name, envelope, salt, leaf):
    text = json.dumps(envelope, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    said = all(leaf[member] == envelope[member] for member in ("at", "id", "kind", "type"))
    check(name + " commitment", said and sha(b64(salt), text) == b64(leaf["commitment"]))

tsr = "META-INF/socle/checkpoint.tsr"
token = open(tsr, "rb").read() if os.path.exists(tsr) else None
place("document", read("META-INF/socle/leaf.json"), read("META-INF/socle/proof.tlog-proof"), token)
if os.path.exists("META-INF/socle/receipt.json"):
    receipt = json.loads(read("META-INF/socle/receipt.json"))
    opens("document", receipt["envelope"], receipt["salt"], json.loads(read("META-INF/socle/leaf.json")))
    head = ["c2sp.org/tlog-proof@v1", "index %d" % receipt["proof"]["index"]] + receipt["proof"]["path"]
    place("receipt", receipt["leaf"], "\n".join(head) + "\n\n" + receipt["checkpoint"], None)
    same = receipt["leaf"] == read("META-INF/socle/leaf.json")
    same = same and receipt["seal"]["manifest"] == read("META-INF/ASiCManifest.xml")
    seal = open("META-INF/socle/seal.p7s", "rb").read()
    check("receipt names the same files", same and b64(receipt["seal"]["signature"]) == seal)
document = json.loads(read("META-INF/socle/leaf.json"))["id"]
for path in sorted(glob.glob("META-INF/socle/*/*.json") + glob.glob("META-INF/socle/erasure.json")):
    name, entry = path[15:-5].replace("/", "-"), json.loads(read(path))
    place(name, entry["leaf"], entry["proof"], b64(entry.get("timestamp", "")))
    envelope = entry.get("envelope")
    if envelope is None:
        print(name, "WITHHELD")
        continue
    opens(name, envelope, entry["salt"], json.loads(entry["leaf"]))
    about = [envelope.get("outcome", envelope.get("erasure", {})).get("document")]
    check(name + " is about the document", document in about + envelope.get("delivery", {}).get("documents", []))
sys.exit(1 if bad else 0)`

/** What an auditor finds in the container: how to check each part with OpenSSL, unzip and Python, in French and in English. */
export const containerReadme: string = `SOCLE : CONTENEUR DE PREUVE / EVIDENCE CONTAINER
================================================

FRANÇAIS
Ce fichier est un conteneur ASiC-E avec CAdES (ETSI EN 319 162-1). Il contient le document tel qu'il a été reçu,
l'enveloppe qui le décrit (envelope.json), le cachet, et sous META-INF/socle la preuve d'inscription au registre, avec
celles des livraisons (deliveries) et des résultats (outcomes) : les 1 000 premières de chaque sorte.
META-INF/signature.p7s est le cachet au niveau CAdES-T (horodaté par une autorité extérieure) quand un jeton a pu être
obtenu, sinon au niveau CAdES-B : il est alors identique à META-INF/socle/seal.p7s, le cachet tel qu'il a été inscrit.
Une livraison dite WITHHELD (retenue) nomme aussi des documents confidentiels d'autrui : sa place au registre est prouvée,
son contenu n'est pas montré. Un document effacé (RGPD) n'a plus ni octets, ni enveloppe, ni cachet : il reste son
inscription, et META-INF/socle/erasure.json, qui dit quand et par quelle décision il a été effacé.
Il vous faut trois fichiers publiés par l'exploitant, obtenus par une autre voie que ce conteneur :
seal-ca.pem (autorité du cachet), log.vkey (clé du registre), tsa-ca.pem (autorité d'horodatage).
Décompressez le conteneur (unzip), mettez ces trois fichiers dans le dossier obtenu, placez-vous-y, puis exécutez dans
l'ordre les commandes ci-dessous, telles quelles (OpenSSL 3, Python 3, date de GNU).
La preuve tient si aucune ligne ne dit FAILED ou failure, en majuscules ou non.
La révocation des certificats n'est pas vérifiée ici : consultez les listes de leurs autorités.

ENGLISH
This file is an ASiC-E container with CAdES (ETSI EN 319 162-1). It holds the document as it was received, the envelope
that describes it (envelope.json), the seal, and under META-INF/socle the proof that it is in the log, with those of its
deliveries and outcomes: the first 1,000 of each.
META-INF/signature.p7s is the seal at level CAdES-T (timestamped by an outside authority) when a token could be had, else
at level CAdES-B: it is then the same as META-INF/socle/seal.p7s, the seal as it was logged.
A delivery said to be WITHHELD also names confidential documents of others: its place in the log is proved, what it says
is not shown. An erased document (GDPR) has no bytes, envelope or seal any more: its entry is left, and
META-INF/socle/erasure.json, which says when and by which decision it was erased.
You need three files published by the operator, obtained otherwise than from this container:
seal-ca.pem (authority of the seal), log.vkey (key of the log), tsa-ca.pem (timestamp authority).
Unzip the container, put these three files in the resulting directory, go there, then run the commands below in their
order, as they stand (OpenSSL 3, Python 3, GNU date).
The proof holds when no line says FAILED or failure, in capitals or not.
Certificate revocation is not checked here: look at the lists of their authorities.

1. Le cachet signe le manifeste ; validité des certificats jugée à la date de l'inscription
   The seal signs the manifest; validity of certificates as of the time of the entry
${cut}
AT=$(date -u -d "$(sed 's/.*"at":"\\([^"]*\\)".*/\\1/' META-INF/socle/leaf.json)" +%s)
[ -f META-INF/socle/erasure.json ] || for P7S in META-INF/signature.p7s META-INF/socle/seal.p7s; do
  openssl cms -verify -cades -binary -inform DER -in $P7S -content META-INF/ASiCManifest.xml \\
    -CAfile seal-ca.pem -no-CApath -no-CAstore -attime $AT -out /dev/null
done
${cut}

2. Le manifeste nomme l'enveloppe et le document par leur SHA-256 : chaque ligne doit dire OK
   The manifest names the envelope and the document by their SHA-256: each line must say OK
${cut}
[ -f META-INF/socle/erasure.json ] || for FILE in envelope.json document.*; do
  grep -qF "<ds:DigestValue>$(openssl dgst -sha256 -binary "$FILE" | openssl base64)<" META-INF/ASiCManifest.xml \\
    && echo "$FILE OK" || { echo "$FILE FAILED"; false; }
done
${cut}

3. L'inscription nomme le cachet par son SHA-256 : la ligne doit dire OK
   The log entry names the seal by its SHA-256: the line must say OK
${cut}
[ -f META-INF/socle/erasure.json ] || {
  grep -qF "\\"seal\\":\\"$(openssl dgst -sha256 -binary META-INF/socle/seal.p7s | openssl base64)\\"" META-INF/socle/leaf.json \\
    && echo "seal OK" || { echo "seal FAILED"; false; }
}
${cut}

4. L'inscription engage l'enveloppe par le sel du reçu : la ligne doit dire OK
   The log entry commits to the envelope with the salt of the receipt: the line must say OK
${cut}
[ -f META-INF/socle/erasure.json ] || {
  grep -qF "\\"commitment\\":\\"$( (sed -n 's/^  "salt": "\\(.*\\)",$/\\1/p' META-INF/socle/receipt.json | openssl base64 -d; cat envelope.json) | openssl dgst -sha256 -binary | openssl base64)\\"" META-INF/socle/leaf.json \\
    && echo "envelope OK" || { echo "envelope FAILED"; false; }
}
${cut}

5. Date extérieure du cachet (niveau T) : le jeton et la valeur de signature sont pris dans signature.p7s
   Outside time of the seal (level T): the token and the signature value are taken out of signature.p7s
${cut}
[ -f META-INF/socle/erasure.json ] || cmp -s META-INF/signature.p7s META-INF/socle/seal.p7s || {
  rm -f seal-value seal-token
  openssl asn1parse -inform DER -in META-INF/signature.p7s \\
    | sed 's/^ *\\([0-9]*\\):d=[0-9]* *hl= *\\([0-9]*\\) *l= *\\([0-9]*\\) */\\1 \\2 \\3 /' \\
    | awk '/OCTET STRING/ { at = $1 + $2; size = $3 }
           /timeStampToken/ { print "value", at + 1, size; token = NR + 2 }
           NR == token { print "token", $1 + 1, $2 + $3; exit }' \\
    | while read NAME FROM SIZE; do tail -c +$FROM META-INF/signature.p7s | head -c $SIZE > seal-$NAME; done
  TIME=$(openssl ts -reply -token_in -in seal-token -token_out -text | sed -n 's/^Time stamp: //p')
  echo "Time stamp: $TIME"
  openssl ts -verify -data seal-value -token_in -in seal-token -CAfile tsa-ca.pem -attime $(date -u -d "$TIME" +%s)
}
${cut}

6. Places dans le registre, et ce que disent les inscriptions : chaque ligne doit dire OK (ou WITHHELD)
   Places in the log, and what the entries say: each line must say OK (or WITHHELD)
${cut}
python3 - <<'END' || { echo "log FAILED"; false; }
${treeScript}
END
${cut}

7. Signature du registre et date extérieure de chaque point de contrôle (que l'étape 6 a mis dans check/)
   Signature of the log and outside time of each checkpoint (which step 6 put in check/)
${cut}
for FILE in check/*.txt; do
  NAME="\${FILE%.txt}"
  openssl pkeyutl -verify -pubin -keyform DER -inkey "$NAME.der" -rawin -in "$NAME.txt" -sigfile "$NAME.sig"
  [ ! -f "$NAME.tsr" ] || {
    TIME=$(openssl ts -reply -in "$NAME.tsr" -text | sed -n 's/^Time stamp: //p')
    openssl ts -verify -data "$NAME.note" -in "$NAME.tsr" -CAfile tsa-ca.pem -attime $(date -u -d "$TIME" +%s)
  }
done
${cut}

Tout à la fois, sans ces outils / All of it at once, without these tools:
socle verify CONTAINER.asice --trust DIRECTORY
`
