package caserecord

func (d *CheckpointMadeData) check() error {
	var c checker
	c.count("size", int64(d.Size))
	c.hex("root", d.Root, 64)
	c.words("note", d.Note, 1, maxPath)
	return c.err
}

func (d *WitnessReceivedData) check() error {
	var c checker
	c.hex("head", d.Head, 64)
	switch d.How {
	case WitnessPaper, WitnessCosignature, WitnessTimestamp:
	default:
		c.fail("how", "unknown")
	}
	c.line("by", d.By, 1, maxName)
	c.when("at", d.At)
	c.words("text", d.Text, 0, maxWords)
	c.base64("proof", d.Proof, maxProof)
	if (d.How == WitnessPaper) != (d.Proof == "") {
		c.fail("proof", "belongs to a cosignature or a time stamp, and only there")
	}
	return c.err
}

func (d *SlotsChangedData) check() error {
	var c checker
	c.hex("slots_sha256", d.SlotsSHA256, 64)
	c.words("what", d.What, 1, maxPath)
	return c.err
}
