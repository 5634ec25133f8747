// The ERP of the field service, as small as it can be and still true: SOAP 1.1 over HTTP. By hand:
//   node legacy/erp-server.mjs 8466
import { createServer } from 'node:http';
import { pathToFileURL } from 'node:url';

const ENVELOPE = 'http://schemas.xmlsoap.org/soap/envelope/';
const stores = {
  'METER-1F': [118, 'Deventer'],
  'METER-3F': [41, 'Deventer'],
  'METER-GAS-G4': [0, 'Zutphen'],
  'SEAL-10': [2400, 'Deventer'],
};
const works = ['Meter replaced', 'Yearly inspection', 'Main fuse replaced', 'Connection checked for leaks'];
const crews = ['Noord 1', 'Noord 2', 'Oost 1', 'Zuid 1'];

/**
 * Starts the ERP.
 *
 * @param {{ port?: number, today?: () => Date }} options port 0, if absent, takes any
 * @returns {Promise<{ url: string, close: () => Promise<void> }>}
 */
export async function startErp({ port = 0, today = () => new Date() } = {}) {
  const opened = new Map();
  const operations = {
    Ping: () => '',
    GetWorkOrders: ({ ConnectionNo: connection }) => {
      const own = [...opened.values()].filter((order) => order.connection === connection);
      return [...history(connection), ...own].map(workOrder).join('');
    },
    CreateWorkOrder: ({ ConnectionNo: connection, Text: text, Priority: priority, Reference: reference }) => {
      mustBeConnection(connection);
      // The same reference is the same order, however often it comes.
      const known = opened.get(reference);
      const day = new Date(today().getTime() + (priority === '1' ? 1 : 7) * 86_400_000);
      const order = known ?? {
        number: `WO${700_001 + opened.size}`,
        connection,
        text,
        status: 10,
        planned: day.toISOString().slice(0, 10).replaceAll('-', ''),
        crew: crews[opened.size % crews.length],
      };
      opened.set(reference, order);
      return workOrder(order);
    },
    GetStock: ({ Article: article }) => {
      const store = stores[article];
      if (store === undefined) throw new Error(`E404 ARTICLE ${article} NOT ON FILE`);
      return `<Quantity>${store[0]}</Quantity><Store>${store[1]}</Store>`;
    },
  };

  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk) => {
      body += chunk;
      if (body.length > 65_536) request.destroy();
    });
    request.on('end', () => {
      const [status, answer] = serve(operations, body);
      const whole = `<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="${ENVELOPE}"><soap:Body>${answer}</soap:Body></soap:Envelope>`;
      response.writeHead(status, { 'content-type': 'text/xml; charset=utf-8' }).end(whole);
    });
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const close = () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${server.address().port}/soap`, close };
}

function serve(operations, body) {
  const [, operation = '', inner = ''] = /<(?:\w+:)?Body>\s*<(\w+)[^>]*>(.*)<\/\1>/s.exec(body) ?? [];
  try {
    if (!Object.hasOwn(operations, operation)) throw new Error(`E100 NO OPERATION ${operation}`);
    const fields = [...inner.matchAll(/<(\w+)>([^<]*)<\/\1>/g)].map(([, name, value]) => [name, unescaped(value)]);
    const answer = operations[operation](Object.fromEntries(fields));
    return [200, `<${operation}Response xmlns="urn:field-service:v1">${answer}</${operation}Response>`];
  } catch (error) {
    const code = error.message.startsWith('E404') ? 'soap:Client' : 'soap:Server';
    return [
      500,
      `<soap:Fault><faultcode>${code}</faultcode><faultstring>${escaped(error.message)}</faultstring></soap:Fault>`,
    ];
  }
}

/** Every connection has had one or two visits, the same ones at each start. */
function history(connection) {
  mustBeConnection(connection);
  const seed = Number(connection.slice(2)) || 0;
  return Array.from({ length: 1 + (seed % 2) }, (_, index) => ({
    number: `WO${600_000 + (seed % 50_000) * 2 + index}`,
    text: works[(seed + index) % works.length],
    status: 80,
    planned: `202${3 + ((seed + index) % 3)}${String(1 + (seed % 12)).padStart(2, '0')}${String(1 + (seed % 28)).padStart(2, '0')}`,
    crew: crews[seed % crews.length],
  }));
}

/** Numbers from 900000 on were never given out. */
function mustBeConnection(connection) {
  if (!/^CN[0-8]\d{5}$/.test(connection ?? '')) throw new Error(`E404 CONNECTION ${connection} NOT ON FILE`);
}

function workOrder({ number, text, status, planned, crew }) {
  return `<WorkOrder><Number>${number}</Number><Text>${escaped(text)}</Text><Status>${status}</Status><PlannedDate>${planned}</PlannedDate><Crew>${crew}</Crew></WorkOrder>`;
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function unescaped(text) {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { url, close } = await startErp({ port: Number(process.argv[2] ?? 8466) });
  console.log(`the ERP listens on ${url}`);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void close().then(() => process.exit(0)));
}
