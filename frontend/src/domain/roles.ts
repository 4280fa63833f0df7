// The closed list of roles (backend/incident), in the order in which screens show them.

export const ROLES: readonly { role: string; title: string }[] = [
  { role: 'incident-commander', title: 'Incident Commander' },
  { role: 'operations-section-chief', title: 'Operations Section Chief' },
  { role: 'planning-section-chief', title: 'Planning Section Chief' },
  { role: 'logistics-section-chief', title: 'Logistics Section Chief' },
  { role: 'finance-administration-section-chief', title: 'Finance/Administration Section Chief' },
  { role: 'liaison-officer', title: 'Liaison Officer' },
  { role: 'public-information-officer', title: 'Public Information Officer' },
  { role: 'safety-officer', title: 'Safety Officer' },
  { role: 'documentation-unit-leader', title: 'Documentation Unit Leader' },
  { role: 'legal-counsel', title: 'Legal counsel' },
  { role: 'responder', title: 'Responder' },
]
