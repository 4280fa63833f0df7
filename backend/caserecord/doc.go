// Package caserecord is the signed, append-only record of a case: entries, their kinds, the fold that turns a set of
// entries into what the case says, merging as union, and verification.
//
// It stands beside every stage of the flow (★ in DESIGN §2); only workbench appends to it, and cmd/caseverify reads it
// with nothing but this package. It keeps these things true:
//
//   - An entry has one byte form. It is kept byte for byte and never re-encoded to be verified.
//   - An entry's id is the SHA-256 of what was signed (the DSSE PAE), so no change of the envelope changes who said what.
//   - The fold is pure: the same set of entries gives the same State, whatever the order they arrived in.
//   - Nothing is repaired or dropped: what authority refuses, and what two people said at once, is listed.
//
// The format is specified to the byte in backend/doc/record-format.md. Signatures are Ed25519 (RFC 8032) over the
// pre-authentication encoding of DSSE v1.0.2 (github.com/secure-systems-lab/dsse/blob/v1.0.2/protocol.md).
//
// It deliberately holds no private key, opens no file (the bundle subpackage reads and writes the plain exchange form)
// and imports only incident, the standard library and x/mod/sumdb.
package caserecord
