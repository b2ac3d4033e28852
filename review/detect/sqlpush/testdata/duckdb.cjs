// Runs statements in DuckDB for the tests: a JSON document {setup: [text], queries: [{text, args}]} on standard input,
// where an argument is a text or {"int": "digits"}; on standard output a JSON list with the rows of each query.
let duckdb
try {
  duckdb = require('@duckdb/node-api')
} catch (e) {
  console.log(JSON.stringify({ missing: String(e.message).split('\n')[0] }))
  process.exit(0)
}

async function main () {
  const job = JSON.parse(require('fs').readFileSync(0, 'utf8'))
  const instance = await duckdb.DuckDBInstance.create(':memory:', { threads: '1', memory_limit: '512MB' })
  const db = await instance.connect()
  for (const text of job.setup) await db.run(text)
  const results = []
  for (const query of job.queries) {
    const args = (query.args || []).map(a => typeof a === 'string' ? a : BigInt(a.int))
    const reader = await db.runAndReadAll(query.text, args)
    results.push(reader.getRowsJson())
  }
  console.log(JSON.stringify({ results }))
}

main().catch(e => { console.log(JSON.stringify({ error: String(e) })) })
