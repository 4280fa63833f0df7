package auditd

import (
	"embed"
	"strconv"
	"strings"
	"sync"

	"adjutant/backend/parse/table"
)

//go:embed tables/*.csv
var tableFiles embed.FS

// action is a row of actions.csv.
type action struct {
	has                                             []string
	action, what                                    string
	path                                            int
	subject, subject2, object, object2, how, source []string
	kind                                            string
	category, types                                 []string
	mappings                                        [][2]string // to, from
}

type tableSet struct {
	types    map[string]string // number → name
	category map[string]string // name → category
	arches   map[string]string
	errno    map[string]string
	syscalls map[string]map[string]string // machine → number → name
	byType   map[string][]*action
	byCall   map[string]*action
}

// tables reads the tables once; a fault in them is a broken build, which the package's tests find.
var tables = sync.OnceValue(func() *tableSet {
	t, err := loadTables()
	if err != nil {
		panic("auditd: embedded table: " + err.Error())
	}
	return t
})

func loadTables() (*tableSet, error) {
	t := &tableSet{types: map[string]string{}, category: map[string]string{}, arches: map[string]string{}, errno: map[string]string{},
		syscalls: map[string]map[string]string{}, byType: map[string][]*action{}, byCall: map[string]*action{}}
	load := func(name string, columns int, row func(r []string) error) error {
		rows, err := table.Read(tableFiles, "tables/"+name, columns)
		for _, r := range rows {
			if err == nil {
				err = row(r)
			}
		}
		return err
	}
	machines := []string{"aarch64", "arm", "i386", "ppc", "s390", "s390x", "x86_64"}
	for _, m := range machines {
		t.syscalls[m] = map[string]string{}
	}
	for _, err := range []error{
		load("types.csv", 3, func(r []string) error { t.types[r[0]], t.category[r[1]] = r[1], r[2]; return nil }),
		load("arches.csv", 2, func(r []string) error { t.arches[r[0]] = r[1]; return nil }),
		load("errno.csv", 2, func(r []string) error { t.errno[r[0]] = r[1]; return nil }),
		load("syscalls.csv", 1+len(machines), func(r []string) error {
			for i, m := range machines {
				for _, n := range strings.Fields(r[1+i]) {
					t.syscalls[m][n] = r[0]
				}
			}
			return nil
		}),
		load("actions.csv", 16, t.action),
	} {
		if err != nil {
			return nil, err
		}
	}
	return t, nil
}

func (t *tableSet) action(r []string) error {
	a := &action{has: strings.Fields(r[2]), action: r[3], what: r[4], subject: strings.Fields(r[6]), subject2: strings.Fields(r[7]),
		object: strings.Fields(r[8]), object2: strings.Fields(r[9]), how: strings.Fields(r[10]), source: strings.Fields(r[11]),
		kind: r[12], category: strings.Fields(r[13]), types: strings.Fields(r[14])}
	if r[5] != "" {
		n, err := strconv.Atoi(r[5])
		if err != nil {
			return err
		}
		a.path = n
	}
	for _, m := range strings.Fields(r[15]) {
		to, from, _ := strings.Cut(m, "=")
		a.mappings = append(a.mappings, [2]string{to, from})
	}
	if r[0] == "syscall" {
		t.byCall[r[1]] = a
	} else {
		t.byType[r[1]] = append(t.byType[r[1]], a)
	}
	return nil
}
