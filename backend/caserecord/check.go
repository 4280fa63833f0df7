package caserecord

func (d *CaseOpenedData) check() error       { return nil }
func (d *PersonAdmittedData) check() error   { return nil }
func (d *RoleGrantedData) check() error      { return nil }
func (d *RoleEndedData) check() error        { return nil }
func (d *ClockObservedData) check() error    { return nil }
func (d *BundleExportedData) check() error   { return nil }
func (d *MergeReceivedData) check() error    { return nil }
func (d *CorrectionMadeData) check() error   { return nil }
func (d *EvidenceReceivedData) check() error { return nil }
func (d *EvidenceImportedData) check() error { return nil }
func (d *SourceAssumedData) check() error    { return nil }
func (d *RowTaggedData) check() error        { return nil }
func (d *RowUntaggedData) check() error      { return nil }
func (d *NoteMadeData) check() error         { return nil }
func (d *EventPromotedData) check() error    { return nil }
func (d *DetectionRanData) check() error     { return nil }
func (d *ModelRanData) check() error         { return nil }
func (d *ModelSwitchedData) check() error    { return nil }
func (d *VerdictGivenData) check() error     { return nil }
func (d *SeverityDeclaredData) check() error { return nil }
func (d *DecisionMadeData) check() error     { return nil }
func (d *TriggerDeclaredData) check() error  { return nil }
func (d *TriggerSubmittedData) check() error { return nil }
func (d *DocumentDraftedData) check() error  { return nil }
func (d *DocumentApprovedData) check() error { return nil }
func (d *DocumentReleasedData) check() error { return nil }
