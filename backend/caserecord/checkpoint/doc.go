// Package checkpoint is the Merkle log of one author's entries, and the signed checkpoints that fix its size and root.
//
// It stands below the case record: caserecord and its subpackages build logs from entry ids and hold checkpoints against
// them; identity signs the texts that are made here. Record i of an author's log is the 32 bytes of the entry id with seq
// i+1 of that author's chain. It keeps these things true:
//
//   - A checkpoint has one text and one signature line; any other bytes that a lenient reader would take are refused.
//   - The key that must have signed stands in the origin, so that a checkpoint is checked with nothing but its own bytes.
//   - Proofs are pure functions: who holds an id, a proof and a root can run them again.
//   - What a key signs here cannot be taken for an entry or the other way round: a text begins with "adjutant/case/", a
//     cosigned message with "cosignature/v1", an entry's PAE with "DSSEv1".
//
// Specifications: RFC 6962 §2.1 for hashes and proofs (by x/mod/sumdb/tlog), C2SP signed-note (by x/mod/sumdb/note),
// C2SP tlog-checkpoint and tlog-cosignature. C2SP advises against extension lines in a checkpoint since nobody can audit
// them, so there are none: the last entry is proved by its inclusion at index size−1.
//
// A checkpoint says what its author's log held, never that it holds no more. The package deliberately knows no entries,
// no case and no private key, opens no file, and does not ask whether an author belongs to a case.
package checkpoint
