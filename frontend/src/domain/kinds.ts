// Kinds of signed entries in the words of the screens, grouped as the stages of the window. A test holds the list to the
// record's specification, so that a new kind is not shown by its bare id.

export const KIND_GROUPS: readonly { title: string; kinds: readonly (readonly [kind: string, words: string])[] }[] = [
  { title: 'People and authority', kinds: [
    ['case.opened', 'open the case'], ['person.admitted', 'admit a person or another key'], ['role.granted', 'give a role'], ['role.ended', 'end a role'], ['role.delegated', 'lend a role of one’s own'], ['succession.set', 'set who follows in a role'], ['role.assumed', 'take over a role by succession'], ['glass.broken', 'break the glass'],
    ['glass.reviewed', 'review a break-glass'], ['authority.changed', 'change this matrix'], ['act.cosigned', 'sign as second person'], ['entry.admitted', 'admit an entry that was set aside'], ['key.revoked', 'revoke a key'], ['conflict.resolved', 'settle a conflict'], ['slots.changed', 'change what opens the case folder'],
  ] },
  { title: 'Evidence and custody', kinds: [
    ['evidence.received', 'take evidence into custody'], ['evidence.imported', 'import evidence'], ['source.assumed', 'answer a zone or year'], ['import.undone', 'undo an import'], ['limits.set', 'set the limits of taking in evidence'], ['mapping.saved', 'save a mapping'], ['custody.given', 'hand over custody'], ['custody.taken', 'take over custody'], ['evidence.checked', 'check evidence against its hashes'], ['mismatch.explained', 'explain altered evidence'], ['evidence.purged', 'delete evidence for good'], ['hold.placed', 'place a legal hold'], ['hold.released', 'release a legal hold'],
  ] },
  { title: 'Timeline and findings', kinds: [
    ['row.tagged', 'tag rows'], ['row.untagged', 'take tags off'], ['note.made', 'make notes'], ['event.promoted', 'promote to the incident timeline'], ['detection.ran', 'run detection'], ['verdict.given', 'give a verdict'], ['correction.made', 'correct one’s own words'],
  ] },
  { title: 'Decisions and clocks', kinds: [
    ['severity.declared', 'declare the severity'], ['decision.made', 'decide on a recommendation'], ['trigger.declared', 'declare a trigger'], ['trigger.submitted', 'record a submission'],
  ] },
  { title: 'Papers', kinds: [['document.drafted', 'draft a paper'], ['document.approved', 'approve a paper'], ['document.released', 'release a paper']] },
  { title: 'Privilege', kinds: [['lane.opened', 'open a lane'], ['lane.changed', 'change a lane’s members'], ['words.sealed', 'write words into a lane'], ['privilege.marked', 'mark as privileged'], ['privilege.lifted', 'lift a mark']] },
  { title: 'Record, copies and model', kinds: [
    ['bundle.exported', 'export a copy'], ['merge.received', 'merge a copy'], ['checkpoint.made', 'sign a checkpoint'], ['witness.received', 'enter a witness'], ['clock.observed', 'note the laptop’s clock'], ['model.switched', 'switch the model'], ['model.ran', 'run the model'],
  ] },
]

const WORDS = new Map(KIND_GROUPS.flatMap((g) => g.kinds.map(([kind, words]) => [kind, words] as const)))
const CLASSES: Record<string, string> = { report: 'reports', message: 'messages', notice: 'notices' }

/** "approve a paper: notices"; a kind that this window does not know stays as it is. */
export function kindWords(kind: string, cls = ''): string {
  const words = WORDS.get(kind) ?? kind
  return cls ? `${words}: ${CLASSES[cls] ?? cls}` : words
}

/** Groups rows by stage in the order above; unknown kinds come last and are not lost. */
export function byStage<T extends { kind: string }>(rows: readonly T[]): { title: string; rows: T[] }[] {
  const groups = KIND_GROUPS.map((g) => ({ title: g.title, rows: g.kinds.flatMap(([k]) => rows.filter((r) => r.kind === k)) }))
  return [...groups, { title: 'Other', rows: rows.filter((r) => !WORDS.has(r.kind)) }].filter((g) => g.rows.length > 0)
}
