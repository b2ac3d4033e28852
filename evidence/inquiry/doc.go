// Package inquiry asks the questions that need the records of more than one domain, and answers an investigator's
// letter request by request.
//
// It serves 45 CFR 164.308(a)(1) as a whole, 164.308(a)(2) and 164.316(b). The domains give the gap checks of their own
// records; this package adds those that see several lives at once: a system with ePHI that no review procedure covers,
// an exception of a review that went on to an incident and led to no case, a record that others name and that is not on
// file. [Records.Checks] has all of them together, and [Records.Gaps] runs them.
//
// [Letter] lists what the letter asks for, after the rows of the OCR audit protocol; [Records.Answer] says of each
// request which records answer it, and what is missing. What the protocol asks for and no record of this module holds,
// such as the procedure by which analyses are made, is named with the request.
//
// [Records.Agenda] lists all that falls due, from every domain, as data and as an iCalendar file.
//
// The answers depend on the records and on the day, on nothing else: the order of the lists changes nothing. Records
// that came about after the day are not counted. What a document said on an earlier day its newest version does not
// tell; load the records as they were then.
//
// It refuses to conclude: an answer is a list of records and of gaps, never a verdict. Of a business associate nothing
// of 164.530 is asked.
package inquiry
