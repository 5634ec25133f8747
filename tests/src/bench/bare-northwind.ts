// The reference of the REST figures: fastify and better-sqlite3 over Northwind with nothing between, no sign-in, no rights, no model.
import Database from 'better-sqlite3';
import Fastify from 'fastify';

const database = new Database(process.argv[2] ?? ':memory:');
const list = database.prepare('select * from Orders order by OrderID limit 50');
const one = database.prepare('select * from Orders where OrderID = ?');
const columns = ['CustomerID', 'EmployeeID', 'OrderDate', 'Freight', 'ShipName', 'ShipCity'];
const insert = database.prepare(
  `insert into Orders (${columns.join(', ')}) values (${columns.map((name) => `@${name}`).join(', ')}) returning *`,
);

interface Order extends Record<string, unknown> {
  CustomerID: string;
}

const server = Fastify();
server.get('/list', () => ({ records: list.all() }));
server.get('/relation', () => {
  const records = list.all() as Order[];
  const keys = [...new Set(records.map((each) => each.CustomerID))];
  const marks = keys.map(() => '?').join(', ');
  const found = database.prepare(`select * from Customers where CustomerID in (${marks})`).all(...keys) as Order[];
  const customers = new Map(found.map((each) => [each.CustomerID, each]));
  return { records: records.map((each) => ({ ...each, customer: customers.get(each.CustomerID) })) };
});
server.get<{ Params: { key: string } }>('/read/:key', ({ params }) => one.get(Number(params.key)));
server.post<{ Body: Record<string, unknown> }>('/insert', ({ body }) => insert.get(body));
console.log(`listening on ${await server.listen({ port: 0, host: '127.0.0.1' })}`);
