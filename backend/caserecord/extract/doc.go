// Package extract writes and reads need-to-know extracts: a folder that shows chosen entries of a case, and documents,
// and proves that the entries stand in checkpoints which their authors signed, without showing the rest.
//
// It stands beside bundle, after the record in the flow: workbench writes an extract for somebody who may see a part of
// the case, cmd/caseverify reads it. It keeps these things true:
//
//   - Entries travel byte for byte. Of an entry that was not chosen nothing goes out but what is a hash already.
//   - What the signers rest on (opening, admissions, roles given and taken) is put in by itself: see Needed.
//   - Reading trusts nothing that the folder says of itself; every difference becomes a named problem.
//   - A folder appears whole, synced and checked, or not at all.
//   - A report says what was not checked as plainly as what was. An extract never shows that something is absent.
//
// The layout and the problem codes are specified in backend/doc/extract-format.md. The package deliberately holds no key
// (checkpoints come signed), encrypts nothing, and does not judge whether a signer held a role at a moment: that takes
// the whole record.
package extract
