// Package backend is the map of Adjutant: everything that works without a window, in the order in which a case flows.
//
//	evidence → parse → event → timeline → detect → triage → recommend → decision → document
//
// and every stage reports to the case record ★. Read the packages in this order:
//
//	incident     the words all share: ids, roles, severity, verdicts, sharing limits
//	evidence     1 intake: hash, seal, quarantine, receipts
//	parse        2 bytes of one item → events; a package for each format, chosen by content
//	event        3 one source record under ECS names, with all its times and its place in the evidence
//	timeline     4 store and query of events; block is the layout on disk, query the language
//	detect       5 Sigma rules and detectors; logsource routes rules, rules holds our own
//	attack         the pinned ATT&CK catalogue
//	triage       6 findings → groups with factors, score and suggested verdict
//	recommend    7 courses of action with reasons; it never acts
//	decision     8 what belongs to an act of a person: reason codes, what was shown, consequences
//	deadline       reporting duties as data, clocks from declared moments
//	document     9 typed papers, their drafting from facts and the check of every sentence; pdf prints them
//	ask            a plain question → a query or a status question
//	caserecord ★ the signed record: entries, fold, authority, bundles, checkpoints, extracts, verification
//	parcel         a bundle in one encrypted file, for people and courts
//	coverpage      index.html of a bundle: the case in plain words
//	identity       people and their keys; confirm makes the only acts that can sign
//	casefolder     the case as a folder: key slots, entries.log, stores, vault
//	store          Badger, opened in one place, values sealed and checked
//	sandbox        child processes for parsers of binary formats
//	llm            the model as a guest, without a network
//	scenario       the sample incident, made from a seed
//	workbench      the use cases; flow.go tells the stages top to bottom
//	cli            the command line over workbench
//	cmd/caseverify the separate verifier
//
// The import rules that keep it this way are tested in structure_test.go. Formats and decisions are in doc/.
package backend
