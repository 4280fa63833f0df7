package ferry

import (
	"fmt"
	"time"
)

// attackWeb is the first night on WEB01: guessed password, sudo, cron job, web shell.
func (b *builder) attackWeb() {
	d := newDice(b.seed, streamOthers+3)
	ssh := func(at time.Time, pid int, text string, tags ...string) {
		b.webAuth.add(at, syslog(at, "web01", fmt.Sprintf("sshd[%d]", pid), text), tags...)
	}
	s := b.step(Step{ID: "S10", Title: "Passwords are guessed over SSH", Tactic: "Credential Access", Techniques: []string{"T1110.001"},
		Host: "WEB01", User: "deploy", Find: "more than 50 failed SSH logins from one address within an hour"})
	from, until := day(1, 21, 10, 0), day(1, 22, 38, 0)
	for at := from; at.Before(until); at = at.Add(time.Duration(d.between(5_000, 11_000)) * time.Millisecond) {
		ssh(at, d.between(31000, 39000), fmt.Sprintf("Failed password for %s from %s port %d ssh2", pick(d, []string{"root", "deploy", "deploy", "deploy"}), bruteIP, d.between(30000, 60000)), s)
	}
	ssh(day(1, 21, 55, 12), 33871, fmt.Sprintf("Invalid user %s from %s port 41022", plantedLogin, bruteIP), "I4")
	ssh(day(1, 21, 55, 14), 33871, fmt.Sprintf("Failed password for invalid user %s from %s port 41022 ssh2", plantedLogin, bruteIP), "I4")

	s = b.step(Step{ID: "S11", Title: "The guess succeeds", Tactic: "Initial Access", Techniques: []string{"T1078.003", "T1133"},
		Host: "WEB01", User: "deploy", Find: "accepted password from an address that failed many times before"})
	ssh(day(1, 22, 41, 7), 39412, "Accepted password for deploy from "+bruteIP+" port 52210 ssh2", s)
	ssh(day(1, 22, 41, 7), 39412, "pam_unix(sshd:session): session opened for user deploy(uid=1002) by (uid=0)", s)
	b.firewall.add(day(1, 22, 41, 6), firewallLine(day(1, 22, 41, 6), "allow", bruteIP, 52210, webPublicIP, 22, 412_044, 88_310, "dmz-in-ssh"), s)

	s = b.step(Step{ID: "S12", Title: "sudo, and a cron job that starts a hidden program", Tactic: "Persistence", Techniques: []string{"T1053.003", "T1548.003"},
		Host: "WEB01", User: "deploy", Find: "sudo that writes to /etc/cron.d or runs crontab from a temporary file"})
	sudo := func(at time.Time, command string, tags ...string) {
		b.webAuth.add(at, syslog(at, "web01", "sudo", "  deploy : TTY=pts/1 ; PWD=/home/deploy ; USER=root ; COMMAND="+command), tags...)
	}
	sudo(day(1, 22, 43, 2), "/usr/bin/cp /tmp/.x/php-sessions /etc/cron.d/php-sessions", s)
	sudo(day(1, 22, 43, 30), "/usr/bin/install -m 0755 /tmp/.x/sessd /usr/local/sbin/sessd", s)
	sudo(day(1, 22, 46, 19), "/usr/bin/cp /tmp/.x/img_0447.php /var/www/booking/uploads/img_0447.php", s)

	s = b.step(Step{ID: "S13", Title: "Web shell in the upload folder is used", Tactic: "Persistence", Techniques: []string{"T1505.003"},
		Host: "WEB01", User: "www-data", Find: "requests to a .php below /uploads/ with a command in the query"})
	for i, c := range []string{"id", "uname+-a", "cat+/etc/passwd", "ls+-la+/var/www/booking", "cat+/var/www/booking/.env", "ip+a", "getent+hosts+db01", "ls+/home/deploy/.ssh", "ss+-tn"} {
		at := d.jitter(day(1, 22, 52+i/2, 5*i), 20*time.Second)
		b.webAccess.add(at, accessLine(at, bruteIP, "GET /uploads/img_0447.php?c="+c, 200, 300+d.n(2000), "-", "curl/8.9.1"), s)
	}
	for i := range 6 {
		at := d.jitter(day(2, 0, 12+9*i, 0), 90*time.Second)
		agent, tags := "curl/8.9.1", []string{s}
		if i == 0 {
			agent, tags = plantedAgent, []string{s, "I1"}
		}
		b.webAccess.add(at, accessLine(at, bruteIP, "POST /uploads/img_0447.php", 200, 40+d.n(500), "-", agent), tags...)
	}
}

// attackDomain is the second night: password spray, success, a new domain administrator.
func (b *builder) attackDomain() {
	d, dc := newDice(b.seed, streamOthers+4), b.dc
	from := origin{"WS-BOOK07", b.book.ip, 0}
	s := b.step(Step{ID: "S14", Title: "Two passwords are tried against every account", Tactic: "Credential Access", Techniques: []string{"T1110.003"},
		Host: "DC01", User: "", Find: "failed logons of many different accounts from one workstation within half an hour"})
	at := day(2, 1, 5, 0)
	for range 2 {
		for _, a := range b.people {
			if a.name == "adm-jholm" || a.name == "svc-backup" {
				continue
			}
			from.port = d.between(49152, 65000)
			dc.ntlm4776(at, a, from.workstation, 0xc000006a, s)
			dc.failed4625(at.Add(7*time.Millisecond), a, 0xc000006a, from, s)
			at = at.Add(time.Duration(d.between(4_000, 15_000)) * time.Millisecond)
		}
		at = at.Add(5 * time.Minute)
	}

	s = b.step(Step{ID: "S15", Title: "The spray hits: svc-backup logs on from the clerk's workstation", Tactic: "Credential Access", Techniques: []string{"T1078.002"},
		Host: "DC01", User: "svc-backup", Find: "successful network logon of a service account from the workstation that sprayed, NTLM, with privileges"})
	at = day(2, 1, 33, 12)
	from.port = 58_211
	won := dc.logon(b.user("svc-backup"))
	dc.ntlm4776(at, won.account, from.workstation, 0, s)
	dc.logon4624(at.Add(4*time.Millisecond), won, 3, "NTLM", from, s)
	dc.privileges4672(at.Add(5*time.Millisecond), won, s)

	s = b.step(Step{ID: "S17", Title: "New account helpdesk2 becomes domain administrator", Tactic: "Persistence", Techniques: []string{"T1136.002", "T1098.007"},
		Host: "DC01", User: "svc-backup", Find: "4720 followed by 4728 into Domain Admins within a minute, at night"})
	dc.newAdmin(day(2, 2, 5, 31), won, b.intruder(), s)
}

// intruder is the account that the intruders made.
func (b *builder) intruder() account {
	return account{"helpdesk2", "", netbios, domainSID + "-1377"}
}

// attackDatabase is the copy of the booking database: from here on personal data is concerned.
func (b *builder) attackDatabase() {
	s := b.step(Step{ID: "S18", Title: "The passenger booking database is dumped on DB01 and put on FS01", Tactic: "Collection", Techniques: []string{"T1021.004", "T1005", "T1213.006"},
		Host: "DB01", User: "deploy", Find: "SSH from the web server at night followed by pg_dump as postgres into a hidden folder"})
	line := func(at time.Time, from, text string) { b.dbAuth.add(at, syslog(at, "db01", from, text), s) }
	line(day(2, 2, 20, 44), "sshd[21877]", "Accepted publickey for deploy from 10.20.40.10 port 40418 ssh2: ED25519 SHA256:V5QH2K7RSAMPLEKEYOFTHEDEPLOYUSERONWEB01AAAA")
	line(day(2, 2, 20, 44), "sshd[21877]", "pam_unix(sshd:session): session opened for user deploy(uid=1002) by (uid=0)")
	line(day(2, 2, 24, 10), "sudo", "  deploy : TTY=pts/0 ; PWD=/home/deploy ; USER=postgres ; COMMAND=/usr/bin/psql -d booking -c SELECT count(*) FROM passenger")
	line(day(2, 2, 25, 2), "sudo", "  deploy : TTY=pts/0 ; PWD=/home/deploy ; USER=postgres ; COMMAND=/usr/bin/pg_dump -Fc -d booking -f /var/tmp/.cache/b.dump")
	line(day(2, 2, 29, 38), "sudo", "  deploy : TTY=pts/0 ; PWD=/home/deploy ; USER=root ; COMMAND=/usr/bin/smbclient //10.20.20.15/Public -A /var/tmp/.cache/a -c put /var/tmp/.cache/b.dump ~tmp/b.dump")
	line(day(2, 2, 31, 5), "sshd[21877]", "pam_unix(sshd:session): session closed for user deploy")

	// FS01's security log saw the file arrive; that part was cleared on the third day.
	share := b.fs.logon(b.user("svc-backup"))
	from := origin{"DB01", "10.20.40.20", 40_991}
	b.fs.logon4624(day(2, 2, 29, 39), share, 3, "NTLM", from, s)
	b.fs.share5145(day(2, 2, 29, 40), share, from, "Public", `D:\Shares\Public`, `~tmp\b.dump`, s)
}

// attackCloud is the second morning in the cloud account.
func (b *builder) attackCloud() {
	d := newDice(b.seed, streamOthers+5)
	const cli = "aws-cli/2.24 md/prompt#off"
	s := b.step(Step{ID: "S21", Title: "Console login of it-admin without a second factor", Tactic: "Initial Access", Techniques: []string{"T1078.004"},
		Host: "cloud", User: "it-admin", Find: "ConsoleLogin success with MFAUsed No from an address never seen"})
	b.cloudEvent(d, day(2, 9, 14, 3), "it-admin", cloudIP, agents[0], "signin", "ConsoleLogin", trail{EventType: "AwsConsoleSignIn",
		ResponseElements: map[string]any{"ConsoleLogin": "Success"}, AdditionalEventData: map[string]any{"MFAUsed": "No", "MobileVersion": "No"}}, s)

	s = b.step(Step{ID: "S22", Title: "Audit trail is stopped", Tactic: "Defense Evasion", Techniques: []string{"T1562.008"},
		Host: "cloud", User: "it-admin", Find: "StopLogging or DeleteTrail"})
	b.cloudEvent(d, day(2, 9, 16, 40), "it-admin", cloudIP, agents[0], "cloudtrail", "StopLogging",
		trail{RequestParameters: map[string]any{"name": "arn:aws:cloudtrail:eu-north-1:" + cloudAccount + ":trail/kragsund-main"}}, s)

	s = b.step(Step{ID: "S23", Title: "New access key for svc-ticketing", Tactic: "Persistence", Techniques: []string{"T1098.001"},
		Host: "cloud", User: "it-admin", Find: "CreateAccessKey for another user"})
	b.cloudEvent(d, day(2, 9, 19, 8), "it-admin", cloudIP, agents[0], "iam", "CreateAccessKey", trail{RequestParameters: map[string]any{"userName": "svc-ticketing"},
		ResponseElements: map[string]any{"accessKey": map[string]any{"accessKeyId": "EXAMPLEKEY0447", "status": "Active", "userName": "svc-ticketing"}}}, s)

	s = b.step(Step{ID: "S24", Title: "Passenger manifests are read from the storage bucket", Tactic: "Collection", Techniques: []string{"T1530", "T1619"},
		Host: "cloud", User: "svc-ticketing", Find: "many GetObject calls of one user from an address never seen within minutes"})
	at := day(2, 9, 24, 0)
	b.cloudEvent(d, at, "svc-ticketing", cloudIP, cli, "s3", "ListObjects", trail{RequestParameters: map[string]any{"bucketName": "kragsund-manifests"}}, s)
	for i := range 64 {
		at = at.Add(time.Duration(d.between(2_000, 18_000)) * time.Millisecond)
		agent, tags := cli, []string{s}
		if i == 40 {
			agent, tags = plantedCloud, []string{s, "I5"}
		}
		b.cloudEvent(d, at, "svc-ticketing", cloudIP, agent, "s3", "GetObject", trail{RequestParameters: map[string]any{
			"bucketName": "kragsund-manifests", "key": fmt.Sprintf("2026/02/%02d/manifest-%s.json", 1+i%28, d.hex(6))}}, tags...)
	}
}
