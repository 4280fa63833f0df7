package ferry

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"github.com/go-pdf/fpdf"
)

var (
	letterDate  = time.Date(2026, 3, 6, 9, 30, 0, 0, time.UTC)
	letterTruth = Letter{
		File:      Root + "/regulator/letter.pdf",
		From:      "Maritime Passenger Data Authority",
		Reference: "MPDA-2026-0417",
		Dated:     "2026-03-06",
		Due:       time.Date(2026, 3, 13, 15, 0, 0, 0, time.UTC), // 16:00 local
		Asks: []string{
			"When and how did Kragsund Ferries become aware of the incident? Please name the person who became aware and the time with its time zone.",
			"Which systems were reached, from when to when, and on what evidence do you base these times?",
			"Which categories of personal data are concerned, and approximately how many passengers and how many records?",
			"Were copies of personal data sent outside the company? If so, state the amount, the times and the destination.",
			"Which measures were taken, when, and by whom were they decided?",
			"Have passengers been informed? If not, state the reasons for the decision and who took it.",
			"Which logs are missing or incomplete for the period, and why?",
			"Which other authorities have been notified, and when?",
		},
	}
)

const letterOpening = "Our office received a complaint on 5 March 2026 from a passenger of your line between Kragsund and Vesterø. The passenger was sent " +
	"an e-mail that named the date, the vehicle and the booking number of a crossing in February. We also note your public statement of the same day " +
	"that \"technical disturbances\" affected the booking office."

const letterDemand = "Under section 14 of the Passenger Data Regulation we ask you to answer the following questions in writing. Your answer must reach us " +
	"no later than Friday, 13 March 2026, 16:00 local time. Where a fact is not yet known, say so, and say when you expect to know it."

const letterClosing = "If you cannot meet the date for one of the questions, ask for an extension before it has passed and give reasons. Please keep all logs " +
	"and records that concern the incident. Quote the reference above in all letters."

// writeLetter lays out the regulator's letter. Dates are set, catalogs sorted and streams left uncompressed, so that the
// bytes depend on nothing but this file.
func writeLetter() ([]byte, error) {
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.SetCreationDate(letterDate)
	pdf.SetModificationDate(letterDate)
	pdf.SetCatalogSort(true)
	pdf.SetCompression(false)
	pdf.SetTitle("Request for information "+letterTruth.Reference, true)
	pdf.SetAuthor(letterTruth.From, true)
	pdf.SetMargins(25, 22, 22)
	pdf.SetAutoPageBreak(true, 24)
	pdf.AliasNbPages("{pages}")
	text := pdf.UnicodeTranslatorFromDescriptor("") // cp1252, of which the letter's characters are
	pdf.SetFooterFunc(func() {
		pdf.SetY(-15)
		pdf.SetFont("Helvetica", "", 8)
		pdf.CellFormat(0, 5, text(fmt.Sprintf("%s · %s · page %d of {pages}", letterTruth.From, letterTruth.Reference, pdf.PageNo())), "", 0, "C", false, 0, "")
	})
	line := func(style string, size, height float64, s string) {
		pdf.SetFont("Helvetica", style, size)
		pdf.MultiCell(0, height, text(s), "", "L", false)
	}
	pdf.AddPage()
	line("B", 15, 8, letterTruth.From)
	line("", 9, 4.6, "Havnegade 1, 0001 Vesterø · post@mpda.example · a fictional authority, made for exercises")
	pdf.Ln(12)
	line("", 11, 5.4, "Kragsund Ferries\nManagement and data protection officer\nFærgekajen 4\n0002 Kragsund")
	pdf.Ln(8)
	line("", 11, 5.4, "6 March 2026\nReference: "+letterTruth.Reference+"\nHandled by: A. Fjordgaard")
	pdf.Ln(8)
	line("B", 12, 6, "Request for information: suspected breach of passenger data at Kragsund Ferries")
	pdf.Ln(3)
	for _, p := range []string{letterOpening, letterDemand} {
		line("", 11, 5.6, p)
		pdf.Ln(3)
	}
	for i, q := range letterTruth.Asks {
		line("", 11, 5.6, fmt.Sprintf("%d.  %s", i+1, q))
		pdf.Ln(2)
	}
	pdf.Ln(2)
	line("", 11, 5.6, letterClosing)
	pdf.Ln(10)
	line("", 11, 5.6, strings.Join([]string{"A. Fjordgaard", "Head of inspections"}, "\n"))
	var out bytes.Buffer
	if err := pdf.Output(&out); err != nil {
		return nil, fmt.Errorf("ferry: letter: %w", err)
	}
	return out.Bytes(), nil
}
