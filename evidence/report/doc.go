// Package report renders what an entity's records say about 45 CFR 164.308(a)(1) as one self-contained HTML file: the
// letter and its answers, what is missing, what falls due, the risk register with its heat map and with inherent against
// residual, the annual loss in amounts with its exceedance curve where the entity keeps such a register, the risk
// management plan over time with its burndown, the sanctions, the activity reviews with their coverage, and until when each
// record is kept. Pictures are inline SVG; each has a title, a description and a table with the same numbers, and says the
// same without colour by words, shapes and hatching. Levels and amounts are never in one picture.
//
// The file needs no script, no font and no request to anywhere; it reads in a browser, light or dark, on a small screen,
// by keyboard, and on paper. The same data give the same bytes. Levels and states stand there as words, so nothing
// depends on colour; the heat map has the words of the scale on which the analysis is rated. What is not among the
// records is said.
//
// It is a rendering and proves nothing: the package around it holds the records and their proofs. It refuses to
// conclude: there is no score on the page and no verdict. Every text is shown as text, whatever stands in it.
package report
