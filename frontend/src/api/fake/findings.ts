// Groups, recommendations, reason codes and the detection report of the made-up case.
import type { DetectReport, Factor, Finding, Group, ReasonCode, Recommendation, Severity, Verdict } from '../types'
import type { FakeTimeline } from './timeline'

const iso = (ms: number) => new Date(ms).toISOString().replace(/\.\d+Z/, 'Z')

const f = (name: string, weight: number, value: number, words: string): Factor => ({ name, weight, value, words })

export function groups(base: number, t: FakeTimeline): Group[] {
  const make = (id: string, title: string, severity: Severity, suggested: Verdict, why: string, host: string, users: string[], keys: string[], rule: string, factors: Factor[], techniques: string[]): Group => {
    const rows = keys.map((k) => t.keyRow(k))
    const finding: Finding = {
      id: `f-${id}`, title, severity, rule: { id: rule, title, level: severity, author: 'Adjutant', hash: '5f1c9a0b77d2', pack: 'own 1' }, matched: t.matchedOf(keys[0] ?? ''), rows, techniques, host, user: users[0] ?? '', first: iso(base - 70 * 3600e3), last: iso(base - 66 * 3600e3),
      text: `The rule matched ${rows.length} rows on ${host}.`, kind: 'sigma',
    }
    return { id, title, severity, score: factors.reduce((n, x) => n + x.weight * x.value, 0), factors, suggested, suggested_why: why, count: rows.length, hosts: [host], users, techniques, first: finding.first, last: finding.last, rows, findings: [finding], verdict: null }
  }
  return [
    make('g1', 'Data copied out with rclone', 'critical', 'true-positive', 'A transfer tool ran under a service account and the firewall saw 11.4 GiB leave.', 'FS01', ['svc-backup'], ['rclone', 'fw', 'share'], 'adj-exfil-rclone', [f('rule-level', 30, 1, 'The rule is of level critical'), f('crown-host', 20, 1, 'FS01 holds passenger data'), f('first-seen', 14, 1, 'rclone.exe was not seen before on any host'), f('odd-hour', 8, 0.75, 'Ran at 02:11 local time'), f('known-tool', -9, 1, 'A backup job uses a similar command line')], ['T1567.002', 'T1048']),
    make('g2', 'Service account logs on from a workstation', 'high', 'true-positive', 'svc-backup never came from a workstation before.', 'FS01', ['svc-backup'], ['logon', 'share'], 'adj-logon-service-lateral', [f('rule-level', 22, 1, 'The rule is of level high'), f('first-seen', 14, 1, 'First logon of this pair of hosts'), f('privileged', 10, 1, 'The account is a local administrator on FS01')], ['T1021.002', 'T1078']),
    make('g3', 'Security log cleared', 'high', 'true-positive', 'Event 1102 with no maintenance task beside it.', 'FS01', ['svc-backup'], ['clear'], 'adj-log-cleared', [f('rule-level', 22, 1, 'The rule is of level high'), f('after-other', 9, 1, 'Follows another finding on this host within ten minutes')], ['T1070.001']),
    make('g4', 'Program started from a mounted image', 'medium', 'suspicious', 'Could be an installer; the file name says otherwise.', 'TICKET-PC3', ['m.keller'], ['iso', 'run'], 'adj-exec-iso', [f('rule-level', 14, 1, 'The rule is of level medium'), f('first-seen', 14, 1, 'invoice_4471.exe was not seen before'), f('single', -4, 1, 'Seen once only')], ['T1204.002', 'T1553.005']),
    make('g5', 'Instructions to a model in a log line', 'medium', 'suspicious', 'A user agent asks a model to close all findings. It changed nothing.', 'WEB01', [], ['inject'], 'adj-planted-instructions', [f('rule-level', 14, 1, 'The rule is of level medium'), f('public', -5, 1, 'Anyone can write into this log')], ['T1499']),
    make('g6', 'Many failed logons', 'low', 'benign', 'A printer with an old password tries every ten minutes.', 'DC01', ['printsvc'], ['printer'], 'adj-logon-bruteforce', [f('rule-level', 7, 1, 'The rule is of level low'), f('regular', -6, 1, 'Exactly every ten minutes, for weeks')], ['T1110']),
  ]
}

export function recommendations(t: FakeTimeline): Recommendation[] {
  const IC = { role: 'incident-commander', title: 'Incident Commander' }
  const OPS = { role: 'operations-section-chief', title: 'Operations Section Chief' }
  const make = (id: string, group: string, title: string, action: string, severity: Severity, why: string, target: string, keys: string[], changes: string[], risks: string[], may = [IC, OPS]): Recommendation => ({
    id, action, title, why, rule: `adj-recommend-${action}`, rule_version: '1', severity, group, target, rows: keys.map((k) => t.keyRow(k)), changes, risks, may_decide: may, can_decide: may.includes(IC), decision: null,
  })
  return [
    make('r1', 'g1', 'Take FS01 off the network', 'isolate-host', 'critical', 'Data left from this host, and the account used there is still enabled.', 'FS01', ['rclone', 'fw', 'logon'], ['FS01 answers nobody; ticketing prints from its cache for about four hours', 'Memory of FS01 stays as it is'], ['Ticket offices lose the price list when the cache runs out', 'Whoever is in there learns that they were seen']),
    make('r2', 'g2', 'Disable svc-backup and end its sessions', 'disable-account', 'high', 'The account was used from a workstation, against its purpose.', 'svc-backup', ['logon', 'share'], ['The nightly backup does not run until it has another account'], ['No fresh backup tonight']),
    make('r3', 'g1', 'Block 203.0.113.77 at the edge', 'block-address', 'high', 'The only address that received the copied data.', '203.0.113.77', ['fw'], ['No connection to this address, from anywhere in the network'], ['The address may belong to a shared host']),
    make('r4', 'g3', 'Preserve memory and disk of FS01 before anything else', 'preserve', 'high', 'The log was cleared, so memory is the best source left.', 'FS01', ['clear'], ['An image of memory and disk, taken in as evidence'], ['Takes about two hours on this disk']),
    make('r5', 'g4', 'Collect browser history and mail of m.keller', 'collect', 'medium', 'How invoice_4471.iso arrived is not known yet.', 'TICKET-PC3', ['iso'], ['A request to the ticket office at the north quay'], ['Reads personal mail: counsel decides on the scope'], [{ role: 'legal-counsel', title: 'Legal counsel' }]),
    make('r6', 'g5', 'Ask the ferry lines whether passengers report odd mail', 'ask', 'low', 'Passport data may already be used.', 'Customer service', ['share'], ['A question to three people, no statement to the public'], ['Word may spread before counsel is ready']),
  ]
}

export const REASONS: ReasonCode[] = [
  { code: 'operational-impact', words: 'Harm to operations outweighs the gain', example: 'FS01 serves boarding of the 07:40; it is isolated at 08:15 when the ferry has left.', outcomes: ['override', 'reject', 'verdict'] },
  { code: 'known-activity', words: 'Known and allowed activity', example: 'The change was announced in ticket 2214 and done by the named engineer.', outcomes: ['override', 'reject', 'verdict'] },
  { code: 'better-option', words: 'Something else serves better', example: 'Blocking the address at the edge stops the transfer and keeps memory alive.', outcomes: ['override', 'verdict'] },
  { code: 'new-facts', words: 'Facts that are not in the evidence', example: 'The provider called at 09:20 and confirmed that the address is theirs.', outcomes: ['override', 'reject', 'severity', 'verdict'] },
  { code: 'as-recommended', words: 'As recommended', example: '', outcomes: ['accept', 'severity'] },
]

export function report(base: number): DetectReport {
  return {
    ran: iso(base - 612_000), pack: 'own rules 1', loaded: 14, matched: 9, not_applicable: 2,
    unmapped: [{ rule: 'Credential dumping by handle access', field: 'GrantedAccess' }], failed: [{ rule: 'Suspicious scheduled task (site rule)', reason: 'condition names a search that the rule does not have: selection_2' }],
  }
}
