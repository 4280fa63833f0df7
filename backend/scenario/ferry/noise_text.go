package ferry

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

const (
	webMoments      = 5600
	sshKnocks       = 620 // the Internet's ordinary background of guesses
	cronLines       = 420
	firewallMoments = 6400
	cloudMoments    = 610
)

var (
	agents = []string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/133.0.0.0 Safari/537.36",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.3 Mobile/15E148 Safari/604.1",
		"Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/132.0.0.0 Mobile Safari/537.36",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.3 Safari/605.1.15",
		"SearchBot/2.1 (+https://crawler.search.example/bot.html)",
	}
	pages = []struct {
		path   string
		status int
		size   int
	}{
		{"GET /", 200, 18214}, {"GET /timetable", 200, 9120}, {"GET /timetable?route=kragsund-vesteroe", 200, 7741}, {"GET /assets/app.css", 200, 40112},
		{"GET /assets/app.js", 200, 210448}, {"GET /img/ferry-astrid.jpg", 200, 88210}, {"GET /booking/search?from=KRA&to=VES&date=2026-03-14&cars=1", 200, 6012},
		{"POST /booking/confirm", 302, 0}, {"GET /booking/receipt", 200, 5120}, {"GET /api/departures", 200, 1931}, {"GET /favicon.ico", 200, 1150},
		{"GET /old/prices.html", 404, 548}, {"GET /robots.txt", 200, 92}, {"GET /assets/app.css", 304, 0}, {"GET /contact", 200, 4410},
	}
)

// visitor is an address of someone on the Internet: RFC 5737 and RFC 3849 are all there is.
func visitor(d *dice) string {
	switch roll := d.n(10); {
	case roll < 6:
		return fmt.Sprintf("198.51.100.%d", d.between(150, 254))
	case roll < 8:
		return fmt.Sprintf("203.0.113.%d", d.between(128, 254))
	default:
		return fmt.Sprintf("2001:db8:%x:%x::%x", d.n(0xffff), d.n(0xff), d.between(1, 0xfff))
	}
}

func accessLine(at time.Time, ip, request string, status, size int, referrer, agent string) string {
	return fmt.Sprintf(`%s - - [%s] "%s HTTP/1.1" %d %d "%s" "%s"`, ip, at.UTC().Format("02/Jan/2006:15:04:05 -0700"), request, status, size, referrer, agent)
}

func (b *builder) webNoise() {
	d := newDice(b.seed, streamWebAccess)
	for _, at := range d.times(webMoments, webHours) {
		p := pick(d, pages)
		ref := "-"
		if d.chance(60) {
			ref = "https://booking.kragsund.example/"
		}
		b.webAccess.add(at, accessLine(at, visitor(d), p.path, p.status, p.size+d.n(300)*min(p.size, 1), ref, pick(d, agents)))
	}
}

// syslog is a line as Debian's rsyslog wrote it for decades: no year, no zone; both servers run in UTC.
func syslog(at time.Time, host, from, text string) string {
	return fmt.Sprintf("%s %s %s: %s", at.UTC().Format(time.Stamp), host, from, text)
}

var guesses = []string{"admin", "test", "ubuntu", "oracle", "git", "postgres", "ftpuser", "pi", "user", "nagios"}

func (b *builder) linuxNoise() {
	d := newDice(b.seed, streamWebAuth)
	for _, at := range d.times(sshKnocks, flatHours) {
		ip, user, pid := visitor(d), pick(d, guesses), d.between(9000, 30000)
		from := fmt.Sprintf("sshd[%d]", pid)
		b.webAuth.add(at, syslog(at, "web01", from, fmt.Sprintf("Invalid user %s from %s port %d", user, ip, d.between(30000, 60000))))
		b.webAuth.add(d.jitter(at, 2*time.Second), syslog(at, "web01", from, fmt.Sprintf("Connection closed by invalid user %s %s port %d [preauth]", user, ip, d.between(30000, 60000))))
	}
	b.cronNoise(d, b.webAuth, "web01", "www-data")
	d = newDice(b.seed, streamDBAuth)
	b.cronNoise(d, b.dbAuth, "db01", "postgres")
	for day := range 3 { // the nightly dump that is allowed, by the same program that the attackers use
		at := First.Add(time.Duration(day)*24*time.Hour + 2*time.Hour + 30*time.Minute)
		b.dbAuth.add(at, syslog(at, "db01", "sudo", "  backup : PWD=/home/backup ; USER=postgres ; COMMAND=/usr/bin/pg_dump -Fc -d booking -f /srv/backup/booking.dump"), "D2")
	}
	for _, at := range d.times(40, officeHours) {
		pid := d.between(9000, 30000)
		b.dbAuth.add(at, syslog(at, "db01", fmt.Sprintf("sshd[%d]", pid), fmt.Sprintf("Accepted publickey for jholm from 10.20.31.20 port %d ssh2: ED25519 SHA256:%s", d.between(40000, 60000), d.id(43))))
		b.dbAuth.add(at, syslog(at, "db01", fmt.Sprintf("sshd[%d]", pid), "pam_unix(sshd:session): session opened for user jholm(uid=1001) by (uid=0)"))
		if d.chance(40) {
			end := d.jitter(at, 5*time.Minute)
			b.dbAuth.add(end, syslog(end, "db01", "sudo", "   jholm : TTY=pts/0 ; PWD=/home/jholm ; USER=root ; COMMAND=/usr/bin/systemctl status postgresql"))
		}
	}
}

func (b *builder) cronNoise(d *dice, l *textLog, host, user string) {
	for _, at := range d.times(cronLines, flatHours) {
		from := fmt.Sprintf("CRON[%d]", d.between(9000, 30000))
		l.add(at, syslog(at, host, from, fmt.Sprintf("pam_unix(cron:session): session opened for user %s(uid=33) by (uid=0)", user)))
		l.add(at.Add(time.Second), syslog(at.Add(time.Second), host, from, fmt.Sprintf("pam_unix(cron:session): session closed for user %s", user)))
	}
}

// firewallLine is a line of GW01's export: local time, no zone.
func firewallLine(at time.Time, action, srcIP string, srcPort int, dstIP string, dstPort int, out, in int64, rule string) string {
	return fmt.Sprintf("%s;%s;tcp;%s;%d;%s;%d;%d;%d;%s", at.In(local).Format("2006-01-02 15:04:05"), action, srcIP, srcPort, dstIP, dstPort, out, in, rule)
}

func (b *builder) firewallNoise() {
	d := newDice(b.seed, streamFirewall)
	for _, at := range d.times(firewallMoments, webHours) {
		var line string
		switch roll := d.n(100); {
		case roll < 45:
			n := pick(d, legitNames)
			line = firewallLine(at, "allow", clientIP(d.n(60)), d.between(49152, 65000), n.ip, int(n.port), int64(d.between(600, 90_000)), int64(d.between(2_000, 900_000)), "lan-out-web")
		case roll < 75:
			line = firewallLine(at, "allow", visitor(d), d.between(20000, 65000), webPublicIP, 443, int64(d.between(4_000, 400_000)), int64(d.between(500, 9_000)), "dmz-in-web")
		case roll < 92:
			line = firewallLine(at, "deny", visitor(d), d.between(20000, 65000), natIP, pick(d, []int{23, 445, 3389, 8080, 5900, 1433}), 0, int64(d.between(40, 60)), "wan-in-default")
		case roll < 98:
			line = firewallLine(at, "allow", "10.20.20.10", d.between(49152, 65000), "198.51.100.53", 53, int64(d.between(60, 120)), int64(d.between(100, 600)), "lan-out-dns")
		default: // the nightly copy to the backup provider: large, and every day
			line = firewallLine(at, "allow", "10.20.20.16", d.between(49152, 65000), "198.51.100.200", 443, int64(d.between(90_000_000, 240_000_000)), int64(d.between(90_000, 200_000)), "backup-out")
		}
		b.firewall.add(at, line)
	}
}

// trail is one record of the cloud provider's audit log, in the field order of CloudTrail.
type trail struct {
	EventVersion        string         `json:"eventVersion"`
	UserIdentity        map[string]any `json:"userIdentity"`
	EventTime           string         `json:"eventTime"`
	EventSource         string         `json:"eventSource"`
	EventName           string         `json:"eventName"`
	AWSRegion           string         `json:"awsRegion"`
	SourceIPAddress     string         `json:"sourceIPAddress"`
	UserAgent           string         `json:"userAgent"`
	ErrorCode           string         `json:"errorCode,omitempty"`
	RequestParameters   map[string]any `json:"requestParameters"`
	ResponseElements    map[string]any `json:"responseElements"`
	AdditionalEventData map[string]any `json:"additionalEventData,omitempty"`
	EventID             string         `json:"eventID"`
	EventType           string         `json:"eventType"`
	RecipientAccountID  string         `json:"recipientAccountId"`
}

// jsonText is one object on one line, with < and & as they are, as loggers write them.
func jsonText(v any) string {
	var out strings.Builder
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic("ferry: " + err.Error()) // texts, numbers and maps of them cannot fail
	}
	return strings.TrimSuffix(out.String(), "\n")
}

const cloudAccount = "111122223333"

func (b *builder) cloudEvent(d *dice, at time.Time, user, ip, agent, source, name string, t trail, tags ...string) {
	t.EventVersion, t.EventTime, t.AWSRegion, t.SourceIPAddress, t.UserAgent = "1.09", at.UTC().Format(time.RFC3339), "eu-north-1", ip, agent
	t.EventSource, t.EventName, t.RecipientAccountID = source+".amazonaws.com", name, cloudAccount
	if t.EventType == "" {
		t.EventType = "AwsApiCall"
	}
	t.EventID = fmt.Sprintf("%s-%s-4%s-8%s-%s", d.hex(8), d.hex(4), d.hex(3), d.hex(3), d.hex(12))
	t.UserIdentity = map[string]any{"type": "IAMUser", "principalId": "KRAGSUND" + user, "arn": "arn:aws:iam::" + cloudAccount + ":user/" + user, "accountId": cloudAccount, "userName": user}
	b.cloud.add(at, jsonText(t), tags...)
}

func (b *builder) cloudNoise() {
	d := newDice(b.seed, streamCloud)
	calls := []struct{ source, name string }{{"s3", "ListBuckets"}, {"s3", "GetBucketLocation"}, {"ec2", "DescribeInstances"}, {"monitoring", "DescribeAlarms"},
		{"sts", "GetCallerIdentity"}, {"s3", "PutObject"}, {"logs", "DescribeLogGroups"}, {"rds", "DescribeDBInstances"}}
	for _, at := range d.times(cloudMoments, serverHours) {
		c := pick(d, calls)
		t := trail{}
		if c.name == "PutObject" {
			t.RequestParameters = map[string]any{"bucketName": "kragsund-manifests", "key": fmt.Sprintf("2026/03/%02d/%s.json", at.Day(), d.hex(8))}
		}
		b.cloudEvent(d, at, pick(d, []string{"svc-ticketing", "svc-monitor"}), natIP, "deploy-tool/2.15", c.source, c.name, t)
	}
	for day := range 3 {
		at := d.jitter(First.Add(time.Duration(day)*24*time.Hour+8*time.Hour), 20*time.Minute)
		b.cloudEvent(d, at, "it-admin", natIP, agents[0], "signin", "ConsoleLogin", trail{EventType: "AwsConsoleSignIn",
			ResponseElements: map[string]any{"ConsoleLogin": "Success"}, AdditionalEventData: map[string]any{"MFAUsed": "Yes", "MobileVersion": "No"}}, "D3")
	}
}

// download is one entry of the browser's history, as an export tool writes it.
type download struct {
	Time       string `json:"time"`
	Host       string `json:"host"`
	Browser    string `json:"browser"`
	User       string `json:"profile_user"`
	URL        string `json:"url"`
	Referrer   string `json:"referrer"`
	TargetPath string `json:"target_path"`
	Bytes      int    `json:"total_bytes"`
	State      string `json:"state"`
}

func (b *builder) downloaded(at time.Time, url, referrer, name string, size int, tags ...string) {
	b.downloads.add(at, jsonText(download{at.UTC().Format("2006-01-02T15:04:05.000Z"), "WS-BOOK07", "Edge", "mdahl", url, referrer, `C:\Users\mdahl\Downloads\` + name, size, "complete"}), tags...)
}

func (b *builder) downloadNoise() {
	d := newDice(b.seed, streamDownloads)
	names := []string{"Weather brief.pdf", "Group booking.xlsx", "Vehicle list.csv", "Invoice.pdf", "Crew roster.pdf", "Harbour notice.pdf"}
	for _, at := range d.times(44, officeHours) {
		n := pick(d, legitNames)
		name := fmt.Sprintf("%d %s", d.between(100, 999), pick(d, names))
		b.downloaded(at, "https://"+n.name+"/files/"+d.hex(10), "https://"+n.name+"/", name, d.between(9_000, 4_000_000))
	}
}
