package ask

import (
	"strings"

	"adjutant/backend/incident"
	"adjutant/backend/timeline/query"
)

// The ways to ask, most particular first. A question must fit one of them from its first word to its last.
var patterns = []*pattern{
	// What is going on in the case: answered from the record.
	status("(what is|is anything|anything|what are we|are we|which|what) [(deadlines|tasks|clocks|duties|things)] [is|are] (overdue|late) [with|now]", StatusOverdue),
	status("what [(deadlines|tasks|clocks|duties)] (have|did) we (missed|miss)", StatusOverdue),
	status("what is [still] (open|pending|outstanding|undecided|waiting) [for (a|my|our) decision] [now|for me]", StatusOpen),
	status("what [still] (needs|awaits|requires) (a|my|our) decision", StatusOpen),
	status("(which|what) [(decisions|recommendations|questions)] are [still] (open|pending|outstanding|undecided|waiting) [for (a|my|our) decision]", StatusOpen),
	status("(what|which) [decisions] (do|must|should) (i|we) [(have|need) to] (decide|make|take) [now|next]", StatusOpen),
	status("[is] (anything|something) [is] (open|pending|waiting) [for (a|my|our) decision]", StatusOpen),
	status("what [has] changed [<since>]", StatusChanged),
	status("what is new [<since>]", StatusChanged),
	status("what (have|did) (i|we) (miss|missed) [<since>]", StatusChanged),
	status("how (severe|bad|serious|critical) is (it|this|the incident|this incident|the case) [and] [who (said|says|decided|set) (so|that|it)]", StatusSeverity),
	status("what is the [current] severity [of (it|this|the incident|this incident|the case)] [and] [who (said|says|decided|set) (so|that|it)]", StatusSeverity),
	status("who (set|decided|changed|declared) the severity", StatusSeverity),
	status("(which|what) [reporting] (deadlines|clocks|duties) (are|is) (running|due|there|active) [now]", StatusDeadlines),
	status("(which|what) [reporting] (deadlines|clocks|duties) do we have [now]", StatusDeadlines),
	status("(when is|what is) the next [reporting] (deadline|duty) [due]", StatusDeadlines),
	status("how (much time|long) (is left|do we have) [left]", StatusDeadlines),
	status("what is due [next|now|today|first]", StatusDeadlines),
	status("[(show|list)] [me] [the|all] [running] (deadlines|clocks)", StatusDeadlines),
	status("(what|which) [decisions] (was|were|has been|have been) (decided|made|taken) [so far]", StatusDecisions),
	status("what (did|have) we (decide|decided) [so far]", StatusDecisions),
	status("[(show|list)] [me] [the|all] decisions", StatusDecisions),
	{text: "who (decided|approved|rejected|accepted|overrode|ordered|signed) [(on|that|about|to)] <about>", build: buildWhoDecided},
	status("who is in (charge|command)", StatusRoles),
	status("who (has|holds) (which|what) (role|roles)", StatusRoles),
	{text: "who is [the|our] <about>", build: buildRole},
	status("(what|which) [(evidence|files|logs|sources)] (do we have|have we taken in|was imported|were imported|was taken in|were taken in|is there)", StatusEvidence),
	status("(what|which) (files|evidence|logs) (failed|could not be read|were damaged|are damaged)", StatusEvidence),
	status("[(show|list)] [me] [the|all] evidence", StatusEvidence),
	status("what (are|is) (the|our) (blind-spots|blind spots)", StatusBlindSpots),
	status("(what|which) [(logs|sources|evidence)] (is|are) (missing|not covered)", StatusBlindSpots),
	status("what (do|can) we not (know|see)", StatusBlindSpots),

	// First and last.
	first("when did <thing> (first|last) (appear|occur|happen|run|start|show up|turn up|act) <…>"),
	first("when did <thing> (appear|occur|happen|run|start|show up|turn up) (first|last|for the first time|for the last time) <…>"),
	first("when did we (first|last) see <thing> <…>"),
	first("when was <thing> (first|last) (seen|used|run|observed|started) <…>"),
	first("when [was|is] the (first|last) (appearance|sighting|occurrence|time|trace) of <thing> <…>"),
	first("[(show|find)] [me] [the] (first|last|latest|earliest) (appearance|sighting|occurrence|event|row|trace) (of|with|by) <thing> <…>"),
	first("where did <thing> (first|last) (appear|occur|show up|turn up) <…>"),
	{text: "when did <user> (first|last) (log|sign) (on|in) <…>", build: buildUserLogon},
	{text: "when did <user> (log|sign) (on|in) (first|last) <…>", build: buildUserLogon},

	// How many.
	count("how many <topic> [(are|were) there|(did we have|happened|occurred)] <…>"),
	count("(count|number of) [the|all] <topic> <…>"),
	count("what is the number of <topic> <…>"),
	{text: "how many (events|rows|records) [(are|were) there] <…>", build: buildCountRows},
	{text: "how (often|many times) did <user> (log|sign) (on|in) <…>", build: buildUserLogonCount},
	{text: "how (often|many times) did <user> fail to (log|sign) (on|in) <…>", build: buildUserFailCount},
	{text: "how (often|many times) did <thing> (appear|occur|happen|run) <…>", build: buildThingCount},

	// Who with whom.
	{text: "(which|what) [other] (hosts|machines|computers|systems|devices|workstations) (talked|connected|spoke|communicated|reached out|sent data|talk|connect) (to|with) [ip|address|domain] <peer> <…>", build: buildTalkers},
	{text: "(which|what) [other] (hosts|machines|computers|systems|devices|workstations) (contacted|reached|called) [ip|address|domain] <peer> <…>", build: buildTalkers},
	{text: "(who|what) (talked|connected|spoke|communicated) (to|with) [ip|address|domain] <peer> <…>", build: buildTalkers},
	{text: "(who|what) contacted [ip|address|domain] <peer> <…>", build: buildTalkers},
	{text: "who (logged|signed) (on|in|into|onto) [to|on|at|into|onto] [host] <host> <…>", build: buildWhoLoggedOn},
	{text: "who (was|has been) (logged|signed) (on|in|into|onto) [to|on|at|into|onto] [host] <host> <…>", build: buildWhoLoggedOn},
	{text: "(which|what) (users|accounts|people) (logged|signed) (on|in|into|onto) [to|on|at|into|onto] [host] <host> <…>", build: buildWhoLoggedOn},
	{text: "who used [host] <host> <…>", build: buildWhoActed},
	{text: "(which|what) (users|accounts) (used|were active on|were seen on|acted on) [host] <host> <…>", build: buildWhoActed},
	{text: "where did <user> (log|sign) (on|in) <…>", build: buildWhereLoggedOn},
	{text: "(which|what) (hosts|machines|computers|systems) did <user> (log|sign) (on|in|into|onto) [to] <…>", build: buildWhereLoggedOn},
	{text: "(which|what) (hosts|machines|computers|systems) did <user> (use|touch|access) <…>", build: buildWhereActed},

	// Rows.
	{text: "what did [user|account] <user> do <…>", build: buildUserRows},
	{text: "what (has|had|was) [user|account] <user> (done|doing|been doing|up to) <…>", build: buildUserRows},
	{text: "[(show|list|find)] [me] [all|the|everything] [of the] (activity|activities|actions|events|rows) (of|by|for|from) [user|account] <user> <…>", build: buildUserRows},
	{text: "[(show|list|find)] [me] everything [that] [user|account] <user> did <…>", build: buildUserRows},
	{text: "what did [host] <host> do <…>", build: buildHostRows},
	{text: "what [has|had] (happened|occurred) <…>", build: buildRows},
	{text: "what (went|was going) on <…>", build: buildRows},
	{text: "what did happen <…>", build: buildRows},
	{text: "(show|list) [me] (everything|all events|all rows|events|rows|activity|all activity|the timeline) <…>", build: buildRows},
	{text: "[was there|is there|did we see] anything <…>", build: buildRows},
	topicRows("[can you|please] (show|list|find|display|give) [me] [all|the|any] <topic> <…>"),
	topicRows("(was|were|is|are) there [any] <topic> <…>"),
	topicRows("(show|list|find|display) [me] [all|the] (rows|events) (with|of|about|for|from|containing|mentioning) <thing> <…>"),
	topicRows("(show|list|find|display|search) [me] [for] <thing> <…>"),
	topicRows("search for <thing> <…>"),
	topicRows("any <topic> <…>"),
}

func init() {
	for _, p := range patterns {
		p.root = compile(p.text)
	}
}

func status(text string, s Status) *pattern {
	return &pattern{text: text, build: func(v *Vocabulary, b bound) (Reading, bool) {
		r := Reading{Kind: KindStatus, Status: s, Text: statusWords[s]}
		if s == StatusChanged && b.when != nil {
			r.Since, r.Until = b.when.from, b.when.to
			if r.Since.IsZero() { // "changed until …" says no beginning
				return Reading{}, false
			}
			r.Text = "What changed in the case" + v.words(b.when) + "."
		}
		return r, true
	}}
}

var statusWords = map[Status]string{
	StatusOverdue:    "What is past its time.",
	StatusOpen:       "What waits for a decision.",
	StatusChanged:    "What changed in the case since your last visit.",
	StatusSeverity:   "How severe the incident is, and who decided it.",
	StatusDeadlines:  "Which clocks are running.",
	StatusWhoDecided: "Who decided it.",
	StatusDecisions:  "What was decided.",
	StatusRoles:      "Who holds which role.",
	StatusEvidence:   "What was taken in, and how it went.",
	StatusBlindSpots: "What is not covered by what was taken in.",
}

func buildWhoDecided(_ *Vocabulary, b bound) (Reading, bool) {
	about := strings.Trim(b.about, " ")
	if len(query.Tokens(about)) == 0 {
		return Reading{}, false
	}
	switch strings.ToLower(about) {
	case "it", "this", "that", "what", "so", "something", "anything": // nobody can say what is meant
		return Reading{}, false
	}
	return Reading{Kind: KindStatus, Status: StatusWhoDecided, About: about, Text: "Who decided on “" + about + "”."}, true
}

// buildRole takes only words that are a role: "who is Jens" is not understood.
func buildRole(_ *Vocabulary, b bound) (Reading, bool) {
	said := strings.ToLower(b.about)
	for _, r := range incident.Roles {
		title := strings.ToLower(r.Title())
		if said == title || said == string(r) || said == "commander" && r == incident.RoleIncidentCommander || said == "counsel" && r == incident.RoleLegalCounsel {
			return Reading{Kind: KindStatus, Status: StatusRoles, About: string(r), Text: "Who is " + r.Title() + "."}, true
		}
	}
	return Reading{}, false
}
