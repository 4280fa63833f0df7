// Package bundle writes and reads the plain exchange form of a case: a folder that anyone can read with a text editor
// and a browser and check with caseverify, without a secret.
//
// It stands after the record in the flow: workbench exports with Write, package parcel puts the same Plan into one
// encrypted file, cmd/caseverify and merging read with Read. It keeps true that entries and evidence travel byte for
// byte, that reading never trusts what the folder says of itself (every claim becomes a comparison, every difference a
// named problem), and that a folder appears whole or not at all; a copy that was broken off goes on where it stood.
//
// The layout is specified in backend/doc/record-format.md §7. Only the record is signed: papers, page and verifier that
// lie beside it are convenience, and the folder says so. It deliberately encrypts nothing, and makes no paper or page
// itself: they are handed in.
package bundle
