package caserecord

import (
	"slices"
	"strings"

	"adjutant/backend/caserecord/authority"
)

func (d *RoleDelegatedData) check() error {
	var c checker
	c.hex("person", string(d.Person), 32)
	c.role("role", d.Role)
	c.role("by_role", d.ByRole)
	if d.Role != d.ByRole {
		c.fail("by_role", "is not the role delegated")
	}
	c.when("from", d.From)
	c.when("to", d.To)
	if c.err == nil && !mustTime(d.From).Before(mustTime(d.To)) {
		c.fail("to", "is not after from")
	}
	c.most("scope", len(d.Scope), len(Kinds))
	for i, k := range d.Scope {
		if !k.Known() || !authority.Delegable(string(k)) {
			c.fail("scope", "a kind that cannot be delegated")
		}
		if i > 0 && d.Scope[i-1] >= k {
			c.fail("scope", "not ascending")
		}
	}
	c.words("why", d.Why, 1, maxWords)
	return c.err
}

func (d *SuccessionSetData) check() error {
	var c checker
	c.role("role", d.Role)
	c.role("by_role", d.ByRole)
	c.people("order", d.Order, 0, false)
	return c.err
}

func (d *RoleAssumedData) check() error {
	var c checker
	c.role("role", d.Role)
	c.people("absent", d.Absent, 0, true)
	c.longWords("why", d.Why)
	return c.err
}

func (d *GlassBrokenData) check() error {
	var c checker
	c.role("role", d.Role)
	if !slices.Contains(authority.BreakGlass(), d.Role) {
		c.fail("role", "cannot be taken by breaking the glass")
	}
	c.longWords("why", d.Why)
	c.when("to", d.To)
	return c.err
}

func (d *GlassReviewedData) check() error {
	var c checker
	c.hex("entry", string(d.Entry), 64)
	if d.Outcome != ReviewUpheld && d.Outcome != ReviewNotUpheld {
		c.fail("outcome", "unknown outcome")
	}
	c.longWords("why", d.Why)
	c.role("role", d.Role)
	return c.err
}

func (d *AuthorityChangedData) check() error {
	var c checker
	if !d.Of.Known() || authority.Core(string(d.Of)) {
		c.fail("of", "a kind whose authority cannot be changed")
	}
	if !authority.HasClass(string(d.Of), string(d.Class)) {
		c.fail("class", "does not belong to the kind")
	}
	if len(d.Roles) == 0 {
		c.fail("roles", "empty")
	}
	for i, r := range d.Roles {
		c.role("roles", r)
		if i > 0 && d.Roles[i-1] >= r {
			c.fail("roles", "not ascending")
		}
	}
	c.words("why", d.Why, 1, maxWords)
	c.role("by_role", d.ByRole)
	return c.err
}

func (d *ActCosignedData) check() error {
	var c checker
	c.hex("entry", string(d.Entry), 64)
	c.hex("shown_sha256", d.ShownSHA256, 64)
	c.role("role", d.Role)
	return c.err
}

func (d *EntryAdmittedData) check() error {
	var c checker
	c.hex("entry", string(d.Entry), 64)
	c.longWords("why", d.Why)
	c.role("by_role", d.ByRole)
	return c.err
}

func (d *KeyRevokedData) check() error {
	var c checker
	c.hex("person", string(d.Person), 32)
	c.hex("key", string(d.Key), 64)
	c.words("why", d.Why, 1, maxWords)
	if d.ByRole != "" {
		c.role("by_role", d.ByRole)
	}
	return c.err
}

func (d *ConflictResolvedData) check() error {
	var c checker
	c.line("field", d.Field, 1, maxRef+maxName)
	c.hex("chosen", string(d.Chosen), 64)
	c.ids("over", d.Over, 2, maxOver)
	if !slices.Contains(d.Over, d.Chosen) {
		c.fail("chosen", "is not one of the entries in conflict")
	}
	c.reason(d.ReasonCode, d.Reason, true)
	c.role("role", d.Role)
	return c.err
}

// people checks a list of persons without repetition; sorted demands ascending order, for lists that are sets.
func (c *checker) people(field string, list []PersonID, least int, sorted bool) {
	if len(list) < least {
		c.fail(field, "empty")
	}
	c.most(field, len(list), maxPeople)
	seen := map[PersonID]bool{}
	for i, p := range list {
		c.hex(field, string(p), 32)
		if seen[p] {
			c.fail(field, "a person twice")
		}
		seen[p] = true
		if sorted && i > 0 && list[i-1] >= p {
			c.fail(field, "not ascending")
		}
	}
}

// ids checks an ascending list of entry ids.
func (c *checker) ids(field string, list []ID, least, most int) {
	if len(list) < least {
		c.fail(field, "too few")
	}
	c.most(field, len(list), most)
	for i, id := range list {
		c.hex(field, string(id), 64)
		if i > 0 && list[i-1] >= id {
			c.fail(field, "not ascending")
		}
	}
}

// longWords is a reason without a code: MinReason characters that are not white space.
func (c *checker) longWords(field, v string) {
	c.words(field, strings.TrimSpace(v), MinReason, maxWords)
	c.words(field, v, MinReason, maxWords)
}
