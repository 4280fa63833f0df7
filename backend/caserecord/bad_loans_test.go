package caserecord

import (
	"bytes"
	"testing"
	"time"
)

// badLoans are records whose readers would go on with a role or a key that was taken, or lent beyond what the lender had.
func badLoans(t testing.TB, add addVector, is problemOf) {
	lines := func(all []Entry, without ...Entry) [][]byte {
		out := linesOf(all)
		for i, e := range all {
			for _, x := range without {
				if e.ID == x.ID {
					out[i] = append(out[i][:bytes.LastIndex(out[i], []byte(`"body":`)):len(out[i])], `"body":null}`...)
				}
			}
		}
		return out
	}
	ada, ben, cy := team(t)
	revoked := ada.write(&KeyRevokedData{Person: ben.ref.ID, Key: ben.ref.Key, Why: "the laptop was stolen", ByRole: ic})
	ben.now = ada.now
	ben.write(note("all is well"))
	ada.take(ben)
	add("withheld-revocation", "the body of a revocation is not here, so that a stolen key would go on", lines(ada.log.Entries(), revoked), is(CodeAuthorityWithheld, revoked.ID))

	ada, ben, cy = team(t)
	admission := ada.log.Entries()[2]
	cy.write(note("I was let in"))
	add("withheld-admission", "the body of an admission is not here", lines(cy.log.Entries(), admission), is(CodeAuthorityWithheld, admission.ID),
		is(CodeOutOfPlace, cy.log.Entries()[4].ID), is(CodeAuthorUnproven, cy.log.Entries()[5].ID))

	ada, ben, cy = team(t)
	ada.grant(ben, ic)
	ben.take(ada)
	ben.write(&RoleDelegatedData{Person: cy.ref.ID, Role: ic, Scope: []Kind{}, From: ben.after(0), To: ben.after(time.Hour), Why: "away", ByRole: ic})
	cy.take(ben)
	ada.take(ben)
	ada.write(ends(ben, ic, ic))
	beside := cy.write(severity(low, ic))
	cy.take(ada)
	after := cy.write(severity(high, ic))
	add("lent-by-nobody", "a role goes on that was lent by somebody whose role was ended", linesOf(cy.log.Entries()), is(CodeNotAuthorised, beside.ID), is(CodeNotAuthorised, after.ID))

	ada, ben, _ = team(t)
	ada.write(&RoleGrantedData{Person: ben.ref.ID, Role: ic, From: ada.after(0), To: ada.after(time.Hour), ByRole: ic})
	ben.take(ada)
	own := ben.write(&RoleDelegatedData{Person: ben.ref.ID, Role: ic, Scope: []Kind{}, From: ben.after(0), To: ben.after(24 * time.Hour), Why: "to go on", ByRole: ic})
	ben.now = ben.now.Add(2 * time.Hour)
	late := ben.write(severity(high, ic))
	add("lent-longer", "somebody lends themselves a role for longer than they hold it", linesOf(ben.log.Entries()), is(CodeNotAuthorised, own.ID), is(CodeNotAuthorised, late.ID))
}
