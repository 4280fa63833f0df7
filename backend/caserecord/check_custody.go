package caserecord

func (d *CustodyGivenData) check() error {
	var c checker
	c.hashes("items", d.Items, 1)
	if d.To != "" {
		c.hex("to", string(d.To), 32)
	}
	c.line("receiver", d.Receiver, 1, maxName)
	c.line("organisation", d.Organisation, 0, maxName)
	c.words("purpose", d.Purpose, 1, maxWords)
	c.line("place", d.Place, 1, maxName)
	c.line("seal", d.Seal, 0, maxName)
	c.words("condition", d.Condition, 1, maxWords)
	c.when("at", d.At)
	c.role("role", d.Role)
	return c.err
}

func (d *CustodyTakenData) check() error {
	var c checker
	c.hex("transfer", string(d.Transfer), 64)
	c.words("condition", d.Condition, 1, maxWords)
	c.line("place", d.Place, 1, maxName)
	c.when("at", d.At)
	return c.err
}

func (d *EvidenceCheckedData) check() error {
	var c checker
	c.count("items", int64(d.Items))
	c.count("same", int64(d.Same))
	c.hashes("altered", d.Altered, 0)
	c.hashes("absent", d.Absent, 0)
	if c.err == nil && d.Items != d.Same+len(d.Altered)+len(d.Absent) {
		c.fail("items", "is not same plus altered plus absent")
	}
	c.line("version", d.Version, 0, maxName)
	return c.err
}

func (d *MismatchExplainedData) check() error {
	var c checker
	c.hex("sha256", d.SHA256, 64)
	c.hex("check", string(d.Check), 64)
	c.longWords("text", d.Text)
	c.role("role", d.Role)
	return c.err
}

func (d *EvidencePurgedData) check() error {
	var c checker
	c.hex("sha256", d.SHA256, 64)
	c.longWords("why", d.Why)
	c.role("role", d.Role)
	return c.err
}

func (d *HoldPlacedData) check() error {
	var c checker
	c.line("matter", d.Matter, 1, maxName)
	c.words("why", d.Why, 1, maxWords)
	c.hashes("items", d.Items, 0)
	c.role("role", d.Role)
	return c.err
}

func (d *HoldReleasedData) check() error {
	var c checker
	c.hex("hold", string(d.Hold), 64)
	c.longWords("why", d.Why)
	c.role("role", d.Role)
	return c.err
}

// hashes checks an ascending list of sha256 values.
func (c *checker) hashes(field string, list []string, least int) {
	if len(list) < least {
		c.fail(field, "empty")
	}
	c.most(field, len(list), maxItems)
	for i, h := range list {
		c.hex(field, h, 64)
		if i > 0 && list[i-1] >= h {
			c.fail(field, "not ascending")
		}
	}
}
