package sandbox

// NoDumps does nothing: Windows writes crash dumps by a policy of the machine, not of the program.
func NoDumps() error { return nil }
