// Package dossier composes, in one call, what an entity hands over: it reads a tenant's records, asks every question,
// renders the report, the register and the agenda, and writes the package with all of it.
//
// It serves the whole of 45 CFR 164.308(a)(1) and 164.316(b). It is the one place that sees every domain and every
// rendering; whoever needs another composition calls the packages below it in the same way. The same store, options and
// release of Go give the same bytes.
//
// It refuses what those refuse, a tenant without exactly one entity, because days are counted in the entity's zone and
// its appointments say who may do what, and a ledger that grew while the questions were asked.
package dossier
