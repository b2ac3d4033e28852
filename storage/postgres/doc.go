// Package postgres keeps a store in PostgreSQL, by pgx.
package postgres
