package caserecord

import "time"

// CheckpointState is a checkpoint.made.
type CheckpointState struct {
	Stamp
	Author Author
	Data   CheckpointMadeData
}

// Witness is a witness.received.
type Witness struct {
	Stamp
	At   time.Time
	Data WitnessReceivedData
}

// SlotsState is a slots.changed.
type SlotsState struct {
	Stamp
	Data SlotsChangedData
}
