package caserecord

func (d *LaneOpenedData) check() error {
	var c checker
	c.hex("lane", d.Lane, 32)
	c.line("name", d.Name, 1, maxName)
	c.line("matter", d.Matter, 0, maxName)
	c.words("direction", d.Direction, 1, maxWords)
	c.people("members", d.Members, 1, true)
	c.role("role", d.Role)
	return c.err
}

func (d *LaneChangedData) check() error {
	var c checker
	c.hex("lane", d.Lane, 32)
	c.people("members", d.Members, 1, true)
	c.words("why", d.Why, 1, maxWords)
	c.role("role", d.Role)
	return c.err
}

func (c *checker) track(t Track) {
	if t != TrackFact && t != TrackAdvice {
		c.fail("track", "unknown track")
	}
}

// base64 checks the one form of standard base64.
func (c *checker) base64(field, v string, most int) {
	c.words(field, v, 0, most)
	if _, err := decode64([]byte(v)); err != nil {
		c.fail(field, "not base64")
	}
}

func (d *WordsSealedData) check() error {
	var c checker
	c.hex("lane", d.Lane, 32)
	c.track(d.Track)
	if len(d.To) == 0 {
		c.fail("to", "empty")
	}
	c.most("to", len(d.To), MaxAuthors)
	for i, a := range d.To {
		c.hex("to", string(a), 64)
		if i > 0 && d.To[i-1] >= a {
			c.fail("to", "not ascending")
		}
	}
	if d.Box == "" {
		c.fail("box", "empty")
	}
	c.base64("box", d.Box, maxBox)
	return c.err
}

func (c *checker) mark(of MarkOf, ref string) {
	switch of {
	case MarkEntry, MarkEvidence:
		c.hex("ref", ref, 64)
	case MarkDocument:
		c.hex("ref", ref, 32)
	default:
		c.fail("of", "unknown")
	}
}

func (d *PrivilegeMarkedData) check() error {
	var c checker
	c.mark(d.Of, d.Ref)
	c.hex("lane", d.Lane, 32)
	c.track(d.Track)
	c.words("basis", d.Basis, 1, maxWords)
	c.role("role", d.Role)
	return c.err
}

func (d *PrivilegeLiftedData) check() error {
	var c checker
	c.mark(d.Of, d.Ref)
	c.longWords("why", d.Why)
	c.role("role", d.Role)
	return c.err
}
