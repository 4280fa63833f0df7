// Package formats lists every format that Adjutant can read.
//
// Stage 2 of the flow: the use cases and the sandbox child take their formats from here, and nothing else imports the
// single format packages. It keeps true that the list is the same everywhere; adding a format is one line here.
package formats

import (
	"adjutant/backend/parse"
	"adjutant/backend/parse/access"
	"adjutant/backend/parse/apacheerror"
	"adjutant/backend/parse/apt"
	"adjutant/backend/parse/asa"
	"adjutant/backend/parse/auditd"
	"adjutant/backend/parse/azure"
	"adjutant/backend/parse/bodyfile"
	"adjutant/backend/parse/chainsaw"
	"adjutant/backend/parse/cloudtrail"
	"adjutant/backend/parse/containerlog"
	delimited "adjutant/backend/parse/csv"
	"adjutant/backend/parse/dnf"
	"adjutant/backend/parse/dpkg"
	"adjutant/backend/parse/elb"
	"adjutant/backend/parse/evtx"
	"adjutant/backend/parse/gcpaudit"
	"adjutant/backend/parse/github"
	"adjutant/backend/parse/haproxy"
	"adjutant/backend/parse/hayabusa"
	"adjutant/backend/parse/icinga"
	"adjutant/backend/parse/iis"
	"adjutant/backend/parse/journal"
	"adjutant/backend/parse/journaljson"
	"adjutant/backend/parse/jsonl"
	"adjutant/backend/parse/kafka"
	"adjutant/backend/parse/kubeaudit"
	"adjutant/backend/parse/m365"
	"adjutant/backend/parse/mcafee"
	"adjutant/backend/parse/mongodb"
	"adjutant/backend/parse/mplog"
	"adjutant/backend/parse/mysql"
	"adjutant/backend/parse/netfilter"
	"adjutant/backend/parse/nginx"
	"adjutant/backend/parse/okta"
	"adjutant/backend/parse/osquery"
	"adjutant/backend/parse/paloalto"
	"adjutant/backend/parse/pca"
	"adjutant/backend/parse/plaso"
	"adjutant/backend/parse/postgresql"
	"adjutant/backend/parse/pstranscript"
	"adjutant/backend/parse/redis"
	"adjutant/backend/parse/santa"
	"adjutant/backend/parse/setupapi"
	"adjutant/backend/parse/shellhistory"
	"adjutant/backend/parse/snort"
	"adjutant/backend/parse/sophos"
	"adjutant/backend/parse/squid"
	"adjutant/backend/parse/suricata"
	"adjutant/backend/parse/symantec"
	"adjutant/backend/parse/syslog"
	"adjutant/backend/parse/syslogjson"
	"adjutant/backend/parse/teamviewer"
	"adjutant/backend/parse/thor"
	"adjutant/backend/parse/tln"
	"adjutant/backend/parse/traefik"
	"adjutant/backend/parse/trendmicro"
	"adjutant/backend/parse/utmp"
	"adjutant/backend/parse/velociraptor"
	"adjutant/backend/parse/viminfo"
	"adjutant/backend/parse/vpcflow"
	"adjutant/backend/parse/vsftpd"
	"adjutant/backend/parse/wazuh"
	"adjutant/backend/parse/windefender"
	"adjutant/backend/parse/winfirewall"
	"adjutant/backend/parse/xferlog"
	"adjutant/backend/parse/zeek"
)

// All returns every format in the order in which parse.Detect prefers them at equal scores.
func All() []parse.Format {
	return []parse.Format{
		evtx.New(),
		cloudtrail.New(), m365.New(), azure.New(), gcpaudit.New(), okta.New(), github.New(), kubeaudit.New(),
		zeek.New(), suricata.New(), snort.New(), elb.New(), vpcflow.New(), squid.New(), traefik.New(), netfilter.New(), paloalto.New(),
		iis.New(), winfirewall.New(), nginx.New(), apacheerror.New(), haproxy.New(), asa.New(), access.New(),
		auditd.New(), utmp.New(), shellhistory.New(), apt.New(), dpkg.New(), dnf.New(), vsftpd.New(), xferlog.New(), containerlog.New(), journal.New(), journaljson.New(), syslogjson.New(),
		plaso.New(), hayabusa.New(), chainsaw.New(), velociraptor.New(), thor.New(), wazuh.New(), bodyfile.New(), tln.New(),
		icinga.New(), kafka.New(), mcafee.New(), mongodb.New(), mplog.New(), mysql.New(), osquery.New(), pca.New(), postgresql.New(), pstranscript.New(), redis.New(), santa.New(), setupapi.New(), sophos.New(), symantec.New(), teamviewer.New(), trendmicro.New(), viminfo.New(), windefender.New(),
		jsonl.New(), syslog.New(), delimited.New(), // these take whatever has their form
	}
}
