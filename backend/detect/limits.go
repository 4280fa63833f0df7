package detect

import "time"

// Bounds of one run. Evidence chooses how many hosts, users and addresses there are.
const (
	MaxRows      = 1000    // rows and events that a finding cites; Count says how many there were
	MaxMatched   = 50      // distinct matched fields and values of a finding
	MaxEntities  = 50      // addresses, keys, hashes of a finding
	MaxNames     = 100     // hosts, users and evidence paths of a finding
	MaxNameBytes = 256     // of a host, user or entity in a finding; rows hold the whole
	MaxHosts     = 10_000  // open findings of one rule by host; further hosts share one finding
	MaxSeries    = 50_000  // open series of failed logons or bursts; further places are not followed until some end
	MaxSources   = 20_000  // logs counted apart for the coverage; further ones are counted together
	MaxSilences  = 16      // longest silences kept for each source
	MaxPlanted   = 5000    // planted texts cited in one run
	MaxPairKeys  = 100_000 // logons and connections compared for clocks
)

// Times and counts that decide. Each is printed in the sentence of the finding it makes.
const (
	SessionGap = 6 * time.Hour // hits of one rule on one host that are further apart are two findings

	BruteWindow       = 30 * time.Minute // silence that ends a series of failed logons
	BruteFailures     = 10               // failed logons that make a series
	SprayAccounts     = 8                // accounts tried from one place that make a spray
	BruteSuccessAfter = 30 * time.Minute // a success this long after the last failure still belongs to the series

	GapMinEvents   = 200       // fewer events have no rate worth the name
	GapMinHours    = 24        // hours with an event: a log that writes in a few bursts is silent by nature
	GapHostLogs    = 3         // logs of one host that fell silent together: the machine was off, or all of it is missing
	GapMinSilence  = time.Hour // shorter silences are not told
	GapMinExpected = 50        // events that the silence swallowed at the source's own rate
	GapFactor      = 3         // times longer than the longest ordinary silence

	SkewMinPairs = 5                // the same logons seen by two hosts
	SkewMin      = 60 * time.Second // differences below are ordinary drift
	SkewSpread   = 10 * time.Second // the offsets must agree this closely

	ScanErrors = 100              // refused web requests of one address that make a scan
	ScanWindow = 10 * time.Minute // within this time
)
