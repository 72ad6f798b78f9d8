// bpmn-engine as its README keeps an execution: signal the task, getState(), one row per instance, commit.
// node bpmn_engine.mjs POSTGRES-URI ROUNDS MODEL-11 MODEL-200 MODEL-10 MODEL-20: prints one JSON object.
import { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import fs from 'node:fs';

const require = createRequire(`${process.cwd()}/`);
const { Engine } = require('bpmn-engine');
const pg = require('pg');

const FORM = { ok: true, texto: 'Se revisó la solicitud y está completa.' };
const [uri, rounds, eleven, twoHundred, ten, twenty] = process.argv.slice(2);
const client = new pg.Client({ connectionString: uri });

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

async function save(engine, id) {
  const state = JSON.stringify(await engine.getState());
  await client.query('BEGIN');
  await client.query({ name: 'save', text: 'UPDATE bpmn_engine SET state = $1 WHERE id = $2', values: [state, id] });
  await client.query('COMMIT');
}

// ms of each step of one instance that stays in memory; the start is not counted
async function instance(file) {
  const listener = new EventEmitter();
  const waiting = [];
  listener.on('activity.wait', (api) => waiting.push(api));
  const engine = new Engine({ name: 'bench', source: fs.readFileSync(file, 'utf8') });
  const execution = await engine.execute({ listener });
  const { rows } = await client.query('INSERT INTO bpmn_engine (state) VALUES ($1) RETURNING id', ['']);
  await save(engine, rows[0].id);
  const spent = [];
  while (waiting.length) {
    const api = waiting.shift();
    const begin = process.hrtime.bigint();
    Object.assign(execution.environment.output, FORM);
    api.signal(FORM);
    await save(engine, rows[0].id);
    spent.push(Number(process.hrtime.bigint() - begin) / 1e6);
  }
  return spent;
}

async function bytesEach(file, instances) {
  await client.query('TRUNCATE bpmn_engine');
  for (let n = 0; n < instances; n++) await instance(file);
  await client.query('VACUUM FULL bpmn_engine');
  const { rows } = await client.query("SELECT pg_total_relation_size('bpmn_engine') AS total");
  return Math.floor(Number(rows[0].total) / instances);
}

await client.connect();
await client.query('CREATE TABLE bpmn_engine (id bigserial PRIMARY KEY, state text)');
await instance(eleven);
const short = [];
for (let n = 0; n < Math.max(1, rounds / 10); n++) short.push(...(await instance(eleven)).slice(0, -1));
const long = (await instance(twoHundred)).slice(-51, -1);
console.log(JSON.stringify({
  version: JSON.parse(fs.readFileSync('node_modules/bpmn-engine/package.json', 'utf8')).version,
  step_11: median(short),
  step_200: median(long),
  bytes_10: await bytesEach(ten, 30),
  bytes_20: await bytesEach(twenty, 30),
}));
await client.end();
