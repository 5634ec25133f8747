// The reference of the HTTP figures: fastify and better-sqlite3 with nothing between, no sign-in, no rights, no model.
import Database from 'better-sqlite3';
import Fastify from 'fastify';

const database = new Database(process.argv[2] ?? ':memory:', { readonly: true });
const table = process.argv[3] ?? 'customer';
const key = process.argv[4] ?? 'customer_no';
const list = database.prepare(`select * from "${table}" order by "${key}" limit 50`);
const one = database.prepare(`select * from "${table}" where "${key}" = ?`);

const server = Fastify();
server.get('/list', () => ({ records: list.all() }));
server.get<{ Params: { key: string } }>('/read/:key', ({ params }) => one.get(params.key));
console.log(`listening on ${await server.listen({ port: 0, host: '127.0.0.1' })}`);
