export { fromBase64, toBase64 } from './base64.ts'
export { type Checkpoint, formatCheckpoint, openCheckpoint, parseCheckpointText, signCheckpoint } from './checkpoint.ts'
export { idData, parseCms, type SignedData, type VerifiedSigner, verifySigner } from './cms-verify.ts'
export { formatGrowth, type Growth, parseGrowth } from './growth.ts'
export { hashEntries, subtreeRoot } from './hash-many.ts'
export {
  addSignatureLines,
  type Cosignature,
  makeWitnessKey,
  parseWitnessKey,
  readCosignatures,
  withoutCosignatures,
} from './cosignature.ts'
export { bareToken, derOf, digestOfBytes, hashTogether, sequenceTag } from './evidence-record.ts'
export { type CoveredFile, evidenceManifestOf } from './evidence-record-manifest.ts'
export { earliestEnd, type EvidenceTimes, renewedGroup, verifyEvidenceRecord } from './evidence-record-verify.ts'
export { maxListBytes, parseRevocationLists, type Revocation, revocationIn, type RevocationList } from './crl.ts'
export { type CanonicalValue, jcs, jcsBytes } from './jcs.ts'
export { clockToleranceMs, createLeafClock, type LeafClock, type LoggedTime } from './leaf-clock.ts'
export {
  certificateId,
  checkKeyAt,
  checkLogKeyAt,
  formatKeyList,
  keyListFormat,
  type KeyList,
  type KeyRecord,
  logKeyId,
  openKeyList,
  signKeyList,
} from './key-list.ts'
export { isLeafAt, isTimeMarkAt, leafTimeAt } from './leaf-glance.ts'
export {
  commitmentOf,
  formatLeaf,
  type Leaf,
  leafOf,
  type LeafSubject,
  leafText,
  maxLeafBytes,
  parseLeaf,
  saltBytes,
  sealHashOf,
} from './leaf.ts'
export { checkContentName, envelopeFile, manifestFile, manifestOf, signatureFile } from './manifest.ts'
export {
  completeNodes,
  consistencyPlan,
  consistencyProof,
  emptyRoot,
  foldRight,
  type Hash,
  inclusionPath,
  inclusionPlan,
  leafHash,
  type NodeAt,
  nodeHash,
  type NodeRef,
  type ProofPlan,
  resolvePlan,
  rootAt,
  sha256,
} from './merkle.ts'
export { equalHashes, type Head, rootFromPath, verifyConsistency, verifyInclusion } from './merkle-verify.ts'
export { nodeFromTiles, type ReadTileHashes, resolvePlanFromTiles } from './node-reader.ts'
export {
  makeVkey,
  type Note,
  type NoteSignature,
  type NoteSigner,
  type NoteVerifier,
  openNote,
  parseNote,
  parseVkey,
  signNote,
} from './note.ts'
export { ProofError, reasonOf } from './proof-error.ts'
export { type CheckName, type Message } from './receipt-messages.ts'
export { maxReceiptLength, parseReceipt, receiptFormat } from './receipt-shape.ts'
export { checkStrength } from './timestamp-chain.ts'
export { openTimedSeal, signatureValueOf, type TimedSeal, verifyTimedSeal } from './signature-timestamp.ts'
export { checkShardLink, type Neighbours, type ShardEntry } from './shard-link.ts'
export { type Asked, checkAnswer, checkOrder, driftOf, type OutsideTime } from './timestamp-order.ts'
export { type TimestampDigest } from './timestamp-content.ts'
export { type Timestamp, verifyTimestamp, verifyTimestampOf } from './timestamp-verify.ts'
export {
  encodeEntryBundle,
  entryEnds,
  parseEntryBundle,
  parseTilePath,
  type Tile,
  tileLevels,
  tilePath,
  tilesOfLevel,
  tileWidth,
} from './tiles.ts'
export { formatTlogProof, parseTlogProof, type TlogProof } from './tlog-proof.ts'
export { type Appended, appendLeaves, type Edge, emptyEdge, parseEdge, rootOfEdge, type TileHash } from './tree.ts'
export { parseTrust, type Trust, type TrustFiles } from './trust.ts'
export { type Check, type CheckResult, type Verification, verifyReceipt, type VerifyOptions } from './verify-receipt.ts'
export { parseWitnessPolicy, requireQuorum, type WitnessPolicy } from './witness-policy.ts'
export { checkChain, type ChainRequest, type CertificateUse, parseCertificate, parseCertificates } from './x509.ts'
